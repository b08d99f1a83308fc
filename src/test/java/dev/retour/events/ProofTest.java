package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.mail.SigningException;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessagePreview.Wish;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Test profiles as real mails. */
class ProofTest {
  private static final String CART = "EVTcartAbandonment";

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final MessagesModule messages =
      new MessagesModule(MessagesConfig.from(Settings.of(Map.of())), jdbi, clock, clock);
  private final EventsModule.Needs needs = needs(clock);
  private final Proofs proofs = EventsModule.proofs(needs, messages);

  @Test
  void a_folder_that_was_never_published_can_be_proofed_and_proofs_are_counted() throws Exception {
    Proofs.Sent first = proofs.send(wanted(List.of("sample"), List.of("ann@example.com")));
    Proofs.Sent second =
        proofs.send(wanted(List.of("sample"), List.of("ann@example.com", "bob@example.com")));
    assertThat(first.number()).isEqualTo(1);
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.mails())
        .extracting(Proofs.Queued::recipient)
        .containsExactly("ann@example.com", "bob@example.com");
    assertThat(texts("SELECT subject FROM mail_content ORDER BY id"))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("Proof 1: "),
            each -> assertThat(each).startsWith("Proof 2: "),
            each -> assertThat(each).startsWith("Proof 2: "));
    assertThat(
            texts(
                "SELECT DISTINCT processor || ' ' || coalesce(event_id::text, 'no event') FROM work_package"))
        .containsExactly("proof no event");
    assertThat(messages.folders().history(CART, 9)).hasSize(2);
    assertThat(messages.folders().find(CART).orElseThrow().state()).isEqualTo("draft");
  }

  @Test
  void without_addresses_each_profile_goes_to_its_own() throws Exception {
    List<String> profiles = messages.preview().profiles(new Wish(CART, null, ""));
    Proofs.Sent sent = proofs.send(wanted(List.of(), List.of()));
    assertThat(sent.mails()).extracting(Proofs.Queued::profile).containsExactlyElementsOf(profiles);
    for (Proofs.Queued mail : sent.mails()) {
      assertThat(mail.recipient())
          .isEqualTo(
              messages.preview().sample(new Wish(CART, null, mail.profile())).event().email());
    }
  }

  @Test
  void a_proof_is_what_the_preview_shows_and_what_an_event_becomes() throws Exception {
    messages.lifecycle().publish(new MessageOrder(CART, "Ann", ""));
    String preview = mail(messages.preview().mail(new Wish(CART, 1, "sample")).raw());
    proofs.send(new Proofs.Wanted(order(), 1, List.of("sample"), List.of()));
    String proof = mail(newest());
    EventsModule events = new EventsModule(EventsConfig.from(Settings.of(Map.of())), needs);
    events
        .intake()
        .accept(
            CART,
            messages
                .messages()
                .published(CART)
                .orElseThrow()
                .sample()
                .toString()
                .getBytes(StandardCharsets.UTF_8),
            null);
    EventsFixture.process(events);
    assertThat(mail(newest())).isEqualTo(preview).contains("multipart/alternative");
    assertThat(proof.replace("Proof 1: ", "")).isEqualTo(preview).isNotEqualTo(proof);
  }

  @Test
  void while_a_proof_is_rendered_it_holds_no_connection_and_who_is_faster_has_the_number()
      throws Exception {
    AtomicInteger rendered = new AtomicInteger();
    InstantSource between =
        () -> {
          if (rendered.incrementAndGet() == 2) {
            assertThat(
                    texts(
                        "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"))
                .isEmpty();
            assertThat(faster().number()).isEqualTo(1);
          }
          return clock.instant();
        };
    Proofs.Sent sent =
        new Proofs(needs(between), messages, 1_000_000)
            .send(wanted(List.of("sample"), List.of("ann@example.com", "bob@example.com")));
    assertThat(sent.number()).isEqualTo(2);
    assertThat(rendered).as("all of it again").hasValue(4);
    assertThat(texts("SELECT subject FROM mail_content ORDER BY id"))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("Proof 1: "),
            each -> assertThat(each).startsWith("Proof 2: "),
            each -> assertThat(each).startsWith("Proof 2: "));
    assertThat(messages.folders().history(CART, 9)).hasSize(2);
  }

  @Test
  void what_does_not_fit_into_memory_is_refused_as_a_whole_and_uses_no_number() throws Exception {
    Proofs small = new Proofs(needs(clock), messages, 20_000);
    List<String> to = IntStream.rangeClosed(1, 50).mapToObj(i -> "p" + i + "@example.com").toList();
    assertThatThrownBy(() -> small.send(wanted(List.of("sample"), to)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("name fewer profiles or addresses. Nothing is sent.");
    assertThat(texts("SELECT message FROM work_package")).isEmpty();
    assertThat(small.send(wanted(List.of("sample"), List.of("ann@example.com"))).number())
        .as("nothing is held any more")
        .isEqualTo(1);
  }

  private Proofs.Sent faster() {
    try {
      return proofs.send(wanted(List.of("sample"), List.of("eve@example.com")));
    } catch (SigningException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void what_cannot_be_a_proof_is_refused_as_a_whole() {
    List<String> more =
        IntStream.rangeClosed(1, 101).mapToObj(i -> "p" + i + "@example.com").toList();
    assertThatThrownBy(() -> proofs.send(wanted(List.of("sample"), more)))
        .hasMessage("A proof has at most 100 mails; these would be 101. Nothing is sent.");
    assertThatThrownBy(() -> proofs.send(wanted(List.of("nobody"), List.of())))
        .hasMessageContaining("There is no test profile of this name");
    assertThatThrownBy(
            () ->
                proofs.send(wanted(List.of("sample"), List.of("ann@example.com", "x\r\nBcc: y@z"))))
        .hasMessage("One of the addresses is none; nothing is sent.");
    assertThatThrownBy(() -> proofs.send(new Proofs.Wanted(order(), 7, List.of(), List.of())))
        .hasMessage("There is no version 7.");
    assertThatThrownBy(
            () ->
                proofs.send(
                    new Proofs.Wanted(
                        new MessageOrder("EVTnone", "Ann", ""),
                        null,
                        List.of("sample"),
                        List.of())))
        .isInstanceOf(MessageSetException.class);
    assertThat(texts("SELECT message FROM work_package")).isEmpty();
  }

  private EventsModule.Needs needs(InstantSource time) {
    return new EventsModule.Needs(
        jdbi,
        time,
        messages.messages(),
        new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of()))),
        new AddressBook(jdbi, clock, QuarantineConfig.from(Settings.of(Map.of()))),
        "retour.test");
  }

  private static Proofs.Wanted wanted(List<String> profiles, List<String> to) {
    return new Proofs.Wanted(order(), null, profiles, to);
  }

  private static MessageOrder order() {
    return new MessageOrder(CART, "Ann", "for the boss");
  }

  private byte[] newest() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT raw FROM mail_content ORDER BY id DESC LIMIT 1")
                .mapTo(byte[].class)
                .one());
  }

  private List<String> texts(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  /** Without what names the single mail: its Message-ID, its date, and the boundary made of it. */
  private static String mail(byte[] raw) {
    String text = new String(raw, StandardCharsets.US_ASCII);
    int at = text.indexOf("boundary=\"") + "boundary=\"".length();
    return text.replace(text.substring(at, text.indexOf('"', at)), "BOUNDARY")
        .replaceAll("(?m)^(Message-ID|Date): .*$", "$1: *");
  }
}
