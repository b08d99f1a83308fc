/**
 * The ground floor: what a setting is, where its value comes from, and how a wrong one is refused;
 * and how a YAML file the operator edits is read strictly ({@link dev.retour.config.YamlFields}),
 * with every fault named by file and line.
 *
 * <p>Every room above describes its own settings as {@link dev.retour.config.Setting} constants
 * inside one self-checking record ({@code DeliveryConfig}, {@code BouncesConfig} …). The command
 * {@code ./retour config} and {@code docs/configuration.md} are printed from those constants, so
 * neither can drift from the code. This package imports no room and is the only one every room may
 * import.
 */
@NullMarked
package dev.retour.config;

import org.jspecify.annotations.NullMarked;
