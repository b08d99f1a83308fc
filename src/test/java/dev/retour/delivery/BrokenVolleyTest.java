package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.quarantine.GateAnswer;
import dev.retour.support.Await;
import dev.retour.support.CountingSink;
import dev.retour.support.TestDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Whatever fails for a whole volley: the shipped routes lose none of its mails and double none. */
class BrokenVolleyTest {
  private static final int MAILS = 20;

  private final Jdbi jdbi = TestDatabase.fresh();

  /** Fails for volleys, after the relay took their mails. */
  public static final class BrokenSettlement {
    private final Settlement settlement;
    private final AtomicInteger volleys = new AtomicInteger();

    BrokenSettlement(Settlement settlement) {
      this.settlement = settlement;
    }

    public void accepted(Volley volley) {
      volleys.incrementAndGet();
      throw new IllegalStateException("broken for " + volley.rest().size());
    }

    public void accepted(ClaimedPackage claimed, String reply) {
      settlement.accepted(claimed, reply);
    }

    public void tested(ClaimedPackage claimed, String reply) {
      settlement.tested(claimed, reply);
    }

    public void closed(ClaimedPackage claimed, GateAnswer.Closed gate) {
      settlement.closed(claimed, gate);
    }

    public void failed(ClaimedPackage claimed, Throwable thrown) {
      settlement.failed(claimed, thrown);
    }
  }

  @Test
  void each_goes_on_alone_from_where_it_stands() {
    try (CountingSink sink = new CountingSink(true);
        DeliveryFixture house =
            new DeliveryFixture(
                jdbi,
                InstantSource.system(),
                InstantSource.system(),
                DeliveryFixture.shippedRules(),
                Map.of("smtp.port", DeliveryFixture.port(sink.port()), "smtp.tls", "disabled"))) {
      BrokenSettlement broken = new BrokenSettlement(house.module.settlement());
      Main main =
          ShippedRoutes.over(house, sink.port(), 6, 50, Map.of("deliverySettlement", broken));
      List<Long> ids = house.enqueue(MAILS);
      main.start();
      try {
        Await.until(
            "all to be sent",
            () -> ids.stream().allMatch(id -> house.column(id, "state").equals("sent")));
      } finally {
        main.stop();
      }
      assertThat(broken.volleys).as("volleys that failed").hasPositiveValue();
      assertThat(sink.takenInAll()).isEqualTo(MAILS);
      assertThat(ids).allSatisfy(id -> assertThat(house.column(id, "attempts")).isEqualTo("1"));
    }
  }
}
