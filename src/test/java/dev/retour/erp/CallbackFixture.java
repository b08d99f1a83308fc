package dev.retour.erp;

import dev.retour.config.Settings;
import dev.retour.delivery.Callback;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/** The rooms below and the teller of facts, driven by hand as the routes would. */
final class CallbackFixture implements AutoCloseable {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  final DeliveryFixture house;
  final Callbacks callbacks;
  final SimpleRegistry beans = new SimpleRegistry();

  /**
   * A house.
   *
   * @param more settings beside the secret
   */
  CallbackFixture(
      Jdbi jdbi, InstantSource clock, InstantSource realTime, Map<String, String> more) {
    Map<String, String> texts = new HashMap<>();
    texts.put("callback.secrets", SECRET);
    texts.put("callback.connect-timeout", "1s");
    texts.put("callback.answer-timeout", "1s");
    texts.put("smtp.tls", "disabled");
    texts.putAll(more);
    house = new DeliveryFixture(jdbi, clock, realTime, DeliveryFixture.shippedRules(), texts);
    CallbackConfig config = CallbackConfig.from(Settings.of(texts));
    callbacks =
        ErpModule.bindCallbacks(
            beans,
            config,
            new ErpModule.Telling(
                house.module.callbacks(),
                clock,
                realTime,
                new RotatingSecrets(
                    config.secrets(), () -> CallbackSecrets.from(Settings.of(texts)))));
  }

  /** A fact to tell: a mail is queued and taken back. */
  long cancelled(String recipient) {
    long id = house.enqueue(recipient);
    house.module.desk().act(QueueOrder.of(QueueAction.CANCEL, "olga"), id);
    return id;
  }

  /** Tells what is due, one after the other; how many that were. */
  int tellDue() {
    List<Callback> claimed = callbacks.claim();
    claimed.forEach(callbacks::tell);
    return claimed.size();
  }

  /** The states of all callbacks, in their order. */
  List<String> states() {
    return column("state");
  }

  List<String> column(String column) {
    return house.jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce(("
                        + column
                        + ")::text, '') FROM work_package WHERE processor = 'callback' ORDER BY id")
                .mapTo(String.class)
                .list());
  }

  @Override
  public void close() {
    house.close();
  }
}
