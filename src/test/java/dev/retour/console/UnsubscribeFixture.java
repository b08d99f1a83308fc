package dev.retour.console;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.events.IntakeAnswer;
import dev.retour.mail.MailSigner;
import dev.retour.mail.UnsubscribeConfig;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.StandingListener;
import dev.retour.quarantine.Unsubscriptions;
import dev.retour.store.Sources;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/** From an event of a message with {@code unsubscribe} to the link in the mail that was sent. */
final class UnsubscribeFixture implements AutoCloseable {
  static final String NEWS = "EVTnews";
  static final String OFFERS = "EVToffers";
  private static final String URL = "https://mail.example.com";

  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final SmtpSink sink = new SmtpSink();
  final DeliveryFixture delivery =
      new DeliveryFixture(
          jdbi,
          clock,
          clock,
          DeliveryFixture.shippedRules(),
          Map.of("smtp.port", DeliveryFixture.port(sink.port())));
  final Unsubscriptions unsubscriptions = new Unsubscriptions(jdbi, clock, StandingListener.NOBODY);
  final UnsubscribePage page;
  private final EventsModule events;
  private final SimpleRegistry beans = new SimpleRegistry();

  UnsubscribeFixture() throws IOException {
    Path folder = Files.createTempDirectory("messages");
    message(folder, NEWS, "newsletter");
    message(folder, OFFERS, "offers");
    Settings settings =
        Settings.of(Map.of("messages.folder", folder.toString(), "unsubscribe.url", URL));
    MessagesModule messages = new MessagesModule(MessagesConfig.from(settings), jdbi, clock, clock);
    messages.saved().publishFirst();
    UnsubscribeLink link =
        new UnsubscribeLink(UnsubscribeConfig.from(settings), delivery.module.signingKeys());
    page =
        UnsubscribePage.of(
            new UnsubscribePage.Needs(link, delivery.module.subscribers(), unsubscriptions, clock));
    events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                jdbi,
                jdbi,
                clock,
                messages.messages(),
                delivery.module.queue(),
                delivery.addresses,
                "retour.test",
                MailSigner.none(),
                link,
                Sources.none()));
    events.bind(beans);
  }

  private static void message(Path folder, String id, String category) throws IOException {
    Path type = Files.createDirectories(folder.resolve(id));
    Files.writeString(
        type.resolve("event.yaml"),
        """
        id: %s
        description: A test.
        from: {address: shop@example.org, name: Shop}
        fields:
          - {id: name, type: string, required: true, maxLength: 20}
        unsubscribe: {category: %s}
        """
            .formatted(id, category));
    Files.writeString(type.resolve("subject.txt"), "News\n");
    Files.writeString(
        type.resolve("message.html"),
        "<html><body><p>Hello. <a href=\"[=unsubscribeUrl]\">Unsubscribe</a></p></body></html>");
  }

  /** What an event is answered. */
  IntakeAnswer.Accepted post(String type, String email) {
    String body = "{\"email\":\"%s\",\"ctx\":{\"name\":\"A\"}}".formatted(email);
    return (IntakeAnswer.Accepted)
        events.intake().accept(type, body.getBytes(StandardCharsets.UTF_8), null);
  }

  void process() {
    ((dev.retour.events.EventProcessor) beans.lookupByName("eventProcessor")).processDue();
  }

  /** Sends a mail, and reads its link. */
  String token(String type, String email) {
    post(type, email);
    process();
    delivery.sendDue();
    String mail =
        sink.taken().stream()
            .filter(each -> each.to().equalsIgnoreCase(email))
            .reduce((one, later) -> later)
            .orElseThrow()
            .data();
    int begin = mail.indexOf("List-Unsubscribe: <" + URL + "/unsubscribe/");
    String link = mail.substring(begin, mail.indexOf('>', begin));
    return link.substring(link.lastIndexOf('/') + 1);
  }

  void forget(UUID event) {
    jdbi.useHandle(
        h -> {
          h.execute("DELETE FROM attempt");
          h.execute("DELETE FROM work_package WHERE event_id = ?", event);
        });
  }

  @Override
  public void close() {
    delivery.close();
    sink.close();
  }
}
