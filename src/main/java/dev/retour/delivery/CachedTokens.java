package dev.retour.delivery;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps a token until shortly before it ends; one caller fetches, the others wait for it. */
final class CachedTokens implements AccessTokens {
  private static final Duration EARLY = Duration.ofSeconds(60);

  private final FreshToken.Source source;
  private @Nullable String token;
  private long validUntil;

  CachedTokens(FreshToken.Source source) {
    this.source = source;
  }

  @Override
  public synchronized String token() throws IOException {
    String known = token;
    if (known != null && System.nanoTime() - validUntil < 0) {
      return known;
    }
    FreshToken fresh = source.fetch();
    Duration use = fresh.validFor().minus(EARLY);
    token = fresh.text();
    validUntil = System.nanoTime() + (use.isNegative() ? 0 : use.toNanos());
    return fresh.text();
  }

  @Override
  public synchronized void discard() {
    token = null;
  }
}
