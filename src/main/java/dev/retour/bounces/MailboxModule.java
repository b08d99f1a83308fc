package dev.retour.bounces;

import dev.retour.bounces.MailboxDrain.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Camel's side of a {@link MailboxDrain}: the endpoint {@code mailbox:<bean>}, with the options of
 * every polling consumer. Each mail is an exchange of its own whose body is a {@link RawMail} and
 * that has no header; the route names the folder it belongs in by the header {@code moveTo}, as
 * with camel-mail. An exchange that fails leaves its mail in the mailbox.
 *
 * <p>camel-mail's own consumer needs several answers of the server per mail, before the exchange
 * and after it, and leaves no place to do either for many mails at once.
 */
public final class MailboxModule {
  private static final String MOVE_TO = "moveTo";
  private static final String UID = "uid";
  private static final String LANE = "lane";

  private MailboxModule() {}

  /** Found by Camel under {@code META-INF/services/org/apache/camel/component/mailbox}. */
  public static final class MailboxComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String bean, Map<String, Object> options) {
      MailboxDrain drain =
          CamelContextHelper.mandatoryLookup(getCamelContext(), bean, MailboxDrain.class);
      return new MailboxEndpoint(uri, this, drain);
    }
  }

  /** A mailbox to poll; nothing can be sent to it. */
  static final class MailboxEndpoint extends ScheduledPollEndpoint {
    private final MailboxDrain drain;
    private int maxMessagesPerPoll;
    private int lanes = 1;

    MailboxEndpoint(String uri, MailboxComponent component, MailboxDrain drain) {
      super(uri, component);
      this.drain = drain;
    }

    @Override
    public Producer createProducer() {
      throw new UnsupportedOperationException("Nothing can be sent to a mailbox.");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
      MailboxConsumer consumer = new MailboxConsumer(this, processor);
      consumer.setMaxMessagesPerPoll(maxMessagesPerPoll);
      configureConsumer(consumer);
      return consumer;
    }

    /** The most mails taken per look. */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
      this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    /** How many mails are in the route at a time, see {@link Lanes}. */
    public void setLanes(int lanes) {
      this.lanes = lanes;
    }
  }

  /** Looks at the mailbox when it is time. */
  private static final class MailboxConsumer extends ScheduledBatchPollingConsumer {
    /** So many mails in a row that cannot be stored: the rest waits for the next look. */
    private static final int FAILURES_IN_A_ROW_MAX = 20;

    private final MailboxEndpoint endpoint;
    private final Map<Long, String> stored = new ConcurrentHashMap<>();
    private final Set<Long> failed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private @Nullable ExecutorService lanes;

    MailboxConsumer(MailboxEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
      this.endpoint = endpoint;
    }

    @Override
    protected int poll() throws Exception {
      shutdownRunningTask = null;
      failuresInARow.set(0);
      return endpoint.drain.look(getMaxMessagesPerPoll(), this::handle, this::isBatchAllowed);
    }

    private Outcome handle(List<FoundMail> chunk) {
      stored.clear();
      failed.clear();
      Queue<Object> exchanges = new ArrayDeque<>();
      for (FoundMail found : chunk) {
        Exchange exchange = createExchange(false);
        exchange.setProperty(UID, found.uid());
        exchange.setProperty(LANE, Lanes.of(found, endpoint.lanes));
        exchange.getIn().setBody(found.mail());
        exchanges.add(exchange);
      }
      processBatch(exchanges);
      return new Outcome(Map.copyOf(stored), Set.copyOf(failed));
    }

    @Override
    public int processBatch(Queue<Object> exchanges) {
      int total = exchanges.size();
      Map<Integer, List<Exchange>> byLane = new HashMap<>();
      for (Object each : exchanges) {
        Exchange exchange = (Exchange) each;
        byLane
            .computeIfAbsent(exchange.getProperty(LANE, Integer.class), lane -> new ArrayList<>())
            .add(exchange);
      }
      ExecutorService open = Objects.requireNonNull(lanes);
      List<Future<?>> running = new ArrayList<>();
      for (List<Exchange> lane : byLane.values()) {
        running.add(open.submit(() -> lane.forEach(this::take)));
      }
      try {
        for (Future<?> each : running) {
          each.get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        getExceptionHandler().handleException("Mails stay in their mailbox", e.getCause());
      }
      return total;
    }

    private void take(Exchange exchange) {
      Long uid = exchange.getProperty(UID, Long.class);
      try {
        if (!isBatchAllowed() || failuresInARow.get() >= FAILURES_IN_A_ROW_MAX) {
          return;
        }
        getProcessor().process(exchange);
        String folder = exchange.getMessage().getHeader(MOVE_TO, String.class);
        if (exchange.getException() == null && folder != null) {
          failuresInARow.set(0);
          stored.put(uid, folder);
          return;
        }
      } catch (Exception e) {
        exchange.setException(e);
      } finally {
        releaseExchange(exchange, false);
      }
      failuresInARow.incrementAndGet();
      failed.add(uid);
    }

    @Override
    protected void doStart() throws Exception {
      lanes =
          endpoint
              .getCamelContext()
              .getExecutorServiceManager()
              .newFixedThreadPool(this, "mailbox", endpoint.lanes);
      super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
      super.doStop();
      if (lanes != null) {
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(lanes);
      }
      endpoint.drain.close();
    }
  }
}
