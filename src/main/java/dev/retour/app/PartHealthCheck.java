package dev.retour.app;

import dev.retour.console.ComponentState;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One part of the engine in {@code /observe/health}: red with the sentence the console shows. */
final class PartHealthCheck extends AbstractHealthCheck {
  private final Supplier<ComponentState> state;

  PartHealthCheck(String id, Supplier<ComponentState> state) {
    super("retour", id);
    this.state = state;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    ComponentState now = state.get();
    String sentence = now.sentence().english();
    builder.detail("sentence", sentence);
    if (now.since() != null) {
      builder.detail("since", now.since().toString());
    }
    if (now.status() == ComponentState.Status.DOWN) {
      builder.message(sentence).down();
    } else {
      builder.up();
    }
  }
}
