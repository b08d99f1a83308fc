package dev.retour.console;

import java.time.Instant;

/**
 * A changed route, rule or message file that was refused; the set before it runs on.
 *
 * @param file path relative to the installation
 * @param line first line at fault, from 1; 0 when it is about the whole file
 * @param text what is wrong, as a sentence
 * @param since when the fault was found
 */
public record ReloadFault(String file, int line, String text, Instant since) {}
