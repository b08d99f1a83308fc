package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log collector gets to read. */
class LoggingTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LoggingTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @Test
  void each_line_is_one_json_object_with_the_ids_whatever_a_stranger_wrote() throws Exception {
    Logging.to(out, context, new JsonEncoder());

    context
        .getLogger("dev.retour.delivery.Settlement")
        .atInfo()
        .addKeyValue("event", "E-1")
        .addKeyValue("workPackage", 7L)
        .log("550 5.1.1 no \"such\" user\r\n{\"level\":\"forged\"}");
    context.getLogger("dev.retour.app").info("next");

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("loggerName").asText()).isEqualTo("dev.retour.delivery.Settlement");
    assertThat(first.path("kvpList").toString()).contains("\"event\"", "E-1", "workPackage", "7");
    assertThat(first.path("formattedMessage").asText() + first.path("message").asText())
        .contains("no \"such\" user");
  }

  @Test
  void chatter_of_libraries_is_left_out_and_faults_come_through() {
    Logging.to(out, context, new JsonEncoder());

    context.getLogger("org.quartz.core.QuartzScheduler").info("chatter");
    context.getLogger("org.quartz.core.QuartzScheduler").error("a fault");

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("a fault").doesNotContain("chatter");
  }
}
