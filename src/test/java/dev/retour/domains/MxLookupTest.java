package dev.retour.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.support.TickingClock;
import dev.retour.support.TinyDns;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a name server on loopback; never the internet. */
class MxLookupTest {
  private final TinyDns dns = new TinyDns();
  private final TickingClock clock = new TickingClock();
  private final MxLookup lookup = lookup(true);

  @AfterEach
  void close() {
    dns.close();
  }

  @Test
  void exchangers_are_tried_by_preference() {
    dns.with("company.test", "MX", "20 backup.company.test.")
        .with("company.test", "MX", "10 mx.company.test.")
        .with("mx.company.test", "A", "127.0.0.2")
        .with("mx.company.test", "AAAA", "::1")
        .with("backup.company.test", "A", "127.0.0.3");

    assertThat(hosts("company.test"))
        .containsExactly(
            "mx.company.test 127.0.0.2",
            "mx.company.test 0:0:0:0:0:0:0:1",
            "backup.company.test 127.0.0.3");
  }

  @Test
  void without_an_exchanger_the_domain_itself_is_the_server() {
    dns.with("small.test", "A", "127.0.0.4");
    assertThat(hosts("small.test")).containsExactly("small.test 127.0.0.4");
  }

  @Test
  void a_null_mx_and_a_domain_that_does_not_exist_are_refusals_for_good() {
    dns.with("silent.test", "MX", "0 .").with("silent.test", "A", "127.0.0.1");

    assertThat(lookup.of("silent.test"))
        .isEqualTo(
            new MxAnswer.No(
                556, "5.1.10 The domain silent.test takes no mail (null MX, RFC 7505)."));
    assertThat(((MxAnswer.No) lookup.of("nowhere.test")).replyCode()).isEqualTo(550);
    assertThat(((MxAnswer.No) lookup.of("a..b")).replyCode()).isEqualTo(553);
  }

  @Test
  void an_answer_is_kept_and_so_is_its_absence() {
    dns.with("company.test", "MX", "10 mx.company.test.").with("mx.company.test", "A", "127.0.0.2");
    for (int i = 0; i < 3; i++) {
      lookup.of("company.test");
      lookup.of("nowhere.test");
    }
    assertThat(dns.asked("company.test", "MX")).isOne();
    assertThat(dns.asked("mx.company.test", "A")).isOne();
    assertThat(dns.asked("nowhere.test", "MX")).isOne();
  }

  @Test
  void a_failing_name_server_is_no_refusal_and_not_asked_for_every_mail() {
    dns.fail("broken.test");
    assertThat(lookup.of("broken.test")).isInstanceOf(MxAnswer.Unknown.class);
    long asked = dns.asked("broken.test", "MX");
    assertThat(lookup.of("broken.test")).isInstanceOf(MxAnswer.Unknown.class);
    assertThat(dns.asked("broken.test", "MX")).isEqualTo(asked);
    clock.tick(Duration.ofMinutes(2));
    lookup.of("broken.test");
    assertThat(dns.asked("broken.test", "MX")).isGreaterThan(asked);
  }

  @Test
  void a_stranger_cannot_lead_us_to_our_own_machines() {
    for (String local : List.of("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254")) {
      dns.with("trap.test", "MX", "10 h" + local.replace('.', '-') + ".trap.test.")
          .with("h" + local.replace('.', '-') + ".trap.test", "A", local);
    }
    assertThat(((MxAnswer.No) lookup(false).of("trap.test")).text()).contains("5.4.4");
  }

  private List<String> hosts(String domain) {
    return ((MxAnswer.Hosts) lookup.of(domain))
        .hosts().stream().map(host -> host.name() + " " + host.address().getHostAddress()).toList();
  }

  private MxLookup lookup(boolean local) {
    Map<String, String> texts = new HashMap<>();
    texts.put("domains.dns-servers", dns.address());
    texts.put("domains.dns-timeout", "500ms");
    texts.put("domains.local-addresses", Boolean.toString(local));
    return new MxLookup(DomainsConfig.from(Settings.of(texts)), clock);
  }
}
