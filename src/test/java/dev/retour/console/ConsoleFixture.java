package dev.retour.console;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.events.EventsModule;
import dev.retour.events.Proofs;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** A console over a given database, with parts and sandbox mails that a test sets. */
final class ConsoleFixture {
  static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  final Map<String, Object> beans = new HashMap<>();
  final List<ComponentState> components = new ArrayList<>();
  final List<Phrase> banners = new ArrayList<>();
  final List<ReloadFault> reloadFaults = new ArrayList<>();
  final List<CapturedMail> mails = new ArrayList<>();
  final Map<String, String> sources = new HashMap<>();
  Instant now = NOON;

  ConsoleFixture(Jdbi jdbi) {
    this(jdbi, Map.of());
  }

  ConsoleFixture(Jdbi jdbi, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("console.time-zone", "UTC"));
    all.putAll(settings);
    InstantSource clock = () -> now;
    MessagesModule messages =
        new MessagesModule(MessagesConfig.from(Settings.of(all)), jdbi, clock, clock);
    ConsoleModule.bind(
        beans::put,
        ConsoleConfig.from(Settings.of(all)),
        new ConsoleSources(
            jdbi, clock, system(), captured(), messages, proofs(jdbi, clock, messages)));
  }

  private static Proofs proofs(Jdbi jdbi, InstantSource clock, MessagesModule messages) {
    Settings none = Settings.of(Map.of());
    return EventsModule.proofs(
        new EventsModule.Needs(
            jdbi,
            clock,
            messages.messages(),
            new Queue(jdbi, clock, DeliveryConfig.from(none)),
            new AddressBook(jdbi, clock, QuarantineConfig.from(none)),
            "retour.test"),
        messages);
  }

  MessagesPage messagesPage() {
    return bean("messagesPage", MessagesPage.class);
  }

  PostMessage postMessage() {
    return bean("postMessage", PostMessage.class);
  }

  GetMessages getMessages() {
    return bean("getMessages", GetMessages.class);
  }

  void mail(String id, String subject, String raw) {
    mails.add(
        new CapturedMail(
            id, now, "bounce+k1@retour.example", "ok@example.com", subject, raw.length()));
    sources.put(id, raw);
  }

  void tick(Duration time) {
    now = now.plus(time);
  }

  FirstPage firstPage() {
    return bean("firstPage", FirstPage.class);
  }

  CapturedMailPage mailPage() {
    return bean("capturedMailPage", CapturedMailPage.class);
  }

  PreviewPage previewPage() {
    return bean("previewPage", PreviewPage.class);
  }

  ErrorPages errorPages() {
    return bean("errorPages", ErrorPages.class);
  }

  Assets assets() {
    return bean("consoleAssets", Assets.class);
  }

  private <T> T bean(String name, Class<T> type) {
    Object bean = beans.get(name);
    if (bean == null) {
      throw new IllegalStateException("no bean " + name);
    }
    return type.cast(bean);
  }

  private SystemState system() {
    return new SystemState() {
      @Override
      public List<ComponentState> components() {
        return List.copyOf(components);
      }

      @Override
      public List<Phrase> banners() {
        return List.copyOf(banners);
      }

      @Override
      public List<ReloadFault> reloadFaults() {
        return List.copyOf(reloadFaults);
      }
    };
  }

  private CapturedMails captured() {
    return new CapturedMails() {
      @Override
      public List<CapturedMail> list(int limit) {
        return mails.stream().limit(limit).toList();
      }

      @Override
      public Optional<byte[]> raw(String id) {
        return Optional.ofNullable(sources.get(id))
            .map(raw -> raw.getBytes(StandardCharsets.UTF_8));
      }
    };
  }
}
