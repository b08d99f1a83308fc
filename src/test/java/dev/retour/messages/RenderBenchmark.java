package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How many whole mails one thread renders: the shipped cart message with five products, from the
 * stored event to the octets that go to the relay. Not part of the build: {@code ./mvnw test
 * -Dtest=RenderBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
    value = 2,
    jvmArgs = {"-XX:+UseSerialGC", "-Xmx512m"})
public class RenderBenchmark {
  private static final int PRODUCTS = 5;
  private static final int MAILS = 64;
  private static final Instant DATE = Instant.parse("2026-11-21T08:00:00Z");

  /** The language of the mails. */
  @Param({"en", "de"})
  public String language;

  private EventType cart;
  private RenderRequest[] requests;
  private int next;
  private long mails;
  private long processorNanos;

  @Setup
  public void load() {
    cart = MessageLibrary.load(Path.of("messages")).find("EVTcartAbandonment").orElseThrow();
    requests = new RenderRequest[MAILS];
    for (int i = 0; i < MAILS; i++) {
      JsonNode body = body(i);
      assertThat(cart.validate(body)).isEmpty();
      requests[i] =
          new RenderRequest(
              "ada" + i + "@example.org",
              body.path("ctx"),
              null,
              "<event." + i + "@retour.example>",
              DATE.plusSeconds(i));
    }
  }

  @Setup(Level.Iteration)
  public void begin() {
    mails = 0;
    processorNanos = processorNanos();
  }

  /** Beside others on the same cores the clock says little; what the process itself used does. */
  @TearDown(Level.Iteration)
  public void end() {
    double seconds = (processorNanos() - processorNanos) / 1e9;
    System.out.printf(" [%,.0f mails a second of processor time] ", mails / seconds);
  }

  /** Of the whole process: what the collector and the compiler take is part of the price. */
  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private JsonNode body(int mail) {
    ObjectNode body = (ObjectNode) cart.sample();
    ObjectNode ctx = (ObjectNode) body.path("ctx");
    ctx.put("firstName", "Jörg " + mail).put("cartId", "c-" + mail).put("language", language);
    ctx.putObject("total").put("amount", 1234.5 + mail).put("currency", "EUR");
    ArrayNode items = ctx.putArray("items");
    for (int i = 0; i < PRODUCTS; i++) {
      ObjectNode item = items.addObject();
      item.put("name", "Coffee grinder „No. " + i + "“, stainless steel").put("quantity", i + 1);
      item.putObject("price").put("amount", 19.9 + mail + i).put("currency", "EUR");
      item.put("imageUrl", "https://img.example.com/products/" + mail + "/" + i + ".jpg?w=192");
      item.put("link", "https://shop.example.com/p/" + mail + "-" + i + "?from=cart&step=1");
    }
    return body;
  }

  @Benchmark
  public RenderedMail mail() {
    mails++;
    next = next + 1 == MAILS ? 0 : next + 1;
    return cart.render(requests[next]);
  }

  @Test
  void mails_a_second() throws RunnerException {
    var results =
        new Runner(new OptionsBuilder().include(RenderBenchmark.class.getName()).build()).run();
    assertThat(results)
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }
}
