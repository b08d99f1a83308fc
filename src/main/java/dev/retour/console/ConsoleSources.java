package dev.retour.console;

import dev.retour.events.Proofs;
import dev.retour.messages.MessagesModule;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/**
 * What the console reads from.
 *
 * @param system the state of the running parts
 * @param mails the sandbox's mails; {@link CapturedMails#OFF} without a sandbox
 * @param messages what the pages of messages show and change
 * @param proofs who sends test profiles as mails
 */
public record ConsoleSources(
    Jdbi jdbi,
    InstantSource clock,
    SystemState system,
    CapturedMails mails,
    MessagesModule messages,
    Proofs proofs) {}
