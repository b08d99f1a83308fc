package dev.retour.domains;

import dev.retour.mail.SigningRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for some domains, complete: what the rule itself does not say is taken from rule
 * {@code *}.
 *
 * @param masks domains it is for
 * @param because why
 * @param tls null: as the relay or the MX rule says
 * @param signing how mails to these domains are signed
 * @param redirect the one address that gets all mail for these domains, for tests; null: none
 */
public record DomainRule(
    List<String> masks,
    String because,
    SuspensionPolicy suspension,
    Via via,
    @Nullable TlsMode tls,
    SigningRules.Wish signing,
    @Nullable String redirect) {}
