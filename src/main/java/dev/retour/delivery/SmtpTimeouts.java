package dev.retour.delivery;

import java.time.Duration;

/**
 * How long to wait for a server (RFC 5321 section 4.5.3.2).
 *
 * @param connect for the connection
 * @param answer for each answer but the last, and for the TLS handshake
 * @param data for the answer to the final dot: a cut before it leaves the outcome unknown
 * @param write for the server to take what is written at once, at most the whole mail
 */
public record SmtpTimeouts(Duration connect, Duration answer, Duration data, Duration write) {}
