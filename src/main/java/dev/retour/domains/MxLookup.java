package dev.retour.domains;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks the DNS for the servers of a domain. Answers are kept by their TTL, negative ones too, and
 * silence for a minute: a dead name server must not cost every mail its time-out.
 */
final class MxLookup {
  private static final int MX_MAX = 20;
  private static final int ADDRESSES_MAX = 20;
  private static final int TTL_MAX_SECONDS = 86_400;
  private static final int NEGATIVE_TTL_MAX_SECONDS = 900;
  private static final int SILENT_MAX = 10_000;
  private static final Duration SILENT_FOR = Duration.ofMinutes(1);

  /** The DNS has no such name, or none with such a record. */
  private enum Nothing {
    DOMAIN,
    RECORD
  }

  /** Records, or why there are none; a fault of the DNS itself is an exception. */
  private record Found(List<Record> records, @Nullable Nothing nothing) {}

  private final DomainsConfig config;
  private final InstantSource clock;
  private final Map<String, Instant> silent =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
              return size() > SILENT_MAX;
            }
          });
  private @Nullable LookupSession session;

  MxLookup(DomainsConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** The servers of a domain (RFC 5321 section 5.1, RFC 7505). */
  MxAnswer of(String domain) {
    Instant until = silent.get(domain);
    if (until != null && clock.instant().isBefore(until)) {
      return unknown(domain);
    }
    try {
      return ask(Name.fromString(domain + "."), domain);
    } catch (TextParseException e) {
      return new MxAnswer.No(553, "5.1.2 \"" + domain + "\" is no domain name.");
    } catch (DnsException e) {
      silent.put(domain, clock.instant().plus(SILENT_FOR));
      return unknown(domain);
    }
  }

  private static MxAnswer unknown(String domain) {
    return new MxAnswer.Unknown("The DNS does not tell the mail servers of " + domain + ".");
  }

  private MxAnswer ask(Name name, String domain) throws DnsException {
    Found found = records(name, Type.MX);
    if (found.nothing() == Nothing.DOMAIN) {
      return new MxAnswer.No(550, "5.1.2 There is no domain " + domain + ".");
    }
    List<MXRecord> exchangers = new ArrayList<>();
    for (Record record : found.records()) {
      if (record instanceof MXRecord exchanger && exchangers.size() < MX_MAX) {
        exchangers.add(exchanger);
      }
    }
    if (exchangers.isEmpty()) {
      return addressesOnly(name, domain);
    }
    if (exchangers.stream().allMatch(each -> each.getTarget().equals(Name.root))) {
      return new MxAnswer.No(
          556, "5.1.10 The domain " + domain + " takes no mail (null MX, RFC 7505).");
    }
    Collections.shuffle(exchangers);
    exchangers.sort(Comparator.comparingInt(MXRecord::getPriority));
    return hosts(exchangers, domain);
  }

  private MxAnswer hosts(List<MXRecord> exchangers, String domain) throws DnsException {
    List<MxAnswer.Host> hosts = new ArrayList<>();
    @Nullable DnsException fault = null;
    for (MXRecord exchanger : exchangers) {
      try {
        hosts.addAll(addresses(exchanger.getTarget()));
      } catch (DnsException e) {
        fault = e; // the next exchanger may have an address; without any, the DNS is at fault
      }
      if (hosts.size() >= ADDRESSES_MAX) {
        break;
      }
    }
    if (hosts.isEmpty() && fault != null) {
      throw fault;
    }
    return hosts.isEmpty()
        ? new MxAnswer.No(
            550, "5.4.4 No mail server of " + domain + " has an address that can be connected to.")
        : new MxAnswer.Hosts(hosts);
  }

  /** No MX: the domain itself is the server, with preference 0. */
  private MxAnswer addressesOnly(Name name, String domain) throws DnsException {
    List<MxAnswer.Host> hosts = addresses(name);
    return hosts.isEmpty()
        ? new MxAnswer.No(
            550, "5.1.2 The domain " + domain + " has neither a mail server nor an address.")
        : new MxAnswer.Hosts(hosts);
  }

  private List<MxAnswer.Host> addresses(Name host) throws DnsException {
    String name = host.toString(true).toLowerCase(java.util.Locale.ROOT);
    List<MxAnswer.Host> addresses = new ArrayList<>();
    for (int type : new int[] {Type.A, Type.AAAA}) {
      for (Record record : records(host, type).records()) {
        byte[] address =
            record instanceof ARecord a
                ? a.getAddress().getAddress()
                : record instanceof AAAARecord aaaa ? aaaa.getAddress().getAddress() : null;
        if (address != null && addresses.size() < ADDRESSES_MAX) {
          InetAddress named = named(name, address);
          if (config.localAddresses() || !isLocal(named)) {
            addresses.add(new MxAnswer.Host(name, named));
          }
        }
      }
    }
    return addresses;
  }

  private static InetAddress named(String name, byte[] address) {
    try {
      return InetAddress.getByAddress(name, address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address record has 4 or 16 bytes.", e);
    }
  }

  /** Where no mail exchanger of a stranger can be: this machine and private networks. */
  private static boolean isLocal(InetAddress address) {
    byte first = address.getAddress()[0];
    boolean uniqueLocal = address.getAddress().length == 16 && (first & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal;
  }

  private Found records(Name name, int type) throws DnsException {
    long millis = config.dnsTimeout().toMillis();
    try {
      return new Found(
          session()
              .lookupAsync(name, type)
              .toCompletableFuture()
              .get(2 * millis, TimeUnit.MILLISECONDS)
              .getRecords(),
          null);
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof NoSuchDomainException) {
        return new Found(List.of(), Nothing.DOMAIN);
      }
      if (e.getCause() instanceof NoSuchRRSetException) {
        return new Found(List.of(), Nothing.RECORD);
      }
      throw new DnsException(e);
    } catch (TimeoutException e) {
      throw new DnsException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DnsException(e);
    }
  }

  /** Made when first needed: with a smarthost, nobody asks. */
  private synchronized LookupSession session() {
    if (session == null) {
      Cache cache = new Cache(DClass.IN);
      cache.setMaxEntries(config.dnsCache());
      cache.setMaxCache(TTL_MAX_SECONDS);
      cache.setMaxNCache(NEGATIVE_TTL_MAX_SECONDS);
      session = LookupSession.builder().resolver(resolver()).cache(cache).ndots(0).build();
    }
    return session;
  }

  private Resolver resolver() {
    ExtendedResolver all = new ExtendedResolver();
    if (!config.dnsServers().isEmpty()) {
      List<Resolver> servers = new ArrayList<>();
      for (String server : config.dnsServers()) {
        String[] parts = server.split(":", -1);
        int port = parts.length == 1 ? SimpleResolver.DEFAULT_PORT : Integer.parseInt(parts[1]);
        servers.add(new SimpleResolver(new InetSocketAddress(parts[0], port)));
      }
      all = new ExtendedResolver(servers);
    }
    all.setTimeout(config.dnsTimeout());
    all.setRetries(2);
    return all;
  }

  /** The DNS failed, which says nothing about the domain. */
  private static final class DnsException extends Exception {
    private static final long serialVersionUID = 1L;

    DnsException(Throwable cause) {
      super(cause);
    }
  }
}
