package dev.retour.qualification;

import java.util.Locale;
import java.util.Optional;

/** Why a mail was not delivered, with the code of spec B1. 13, 18, 19 and 21 to 24 do not exist. */
public enum Reason {
  NOT_DEFINED(0, "not defined"),
  USER_UNKNOWN(1, "user unknown"),
  INVALID_DOMAIN(2, "invalid domain"),
  UNREACHABLE(3, "unreachable"),
  ACCOUNT_DISABLED(4, "account disabled"),
  MAILBOX_FULL(5, "mailbox full"),
  NOT_CONNECTED(6, "not connected"),
  ADDRESS_NOT_SPECIFIED(7, "address not specified"),
  ADDRESS_ON_DENYLIST(8, "address on denylist"),
  ADDRESS_IN_QUARANTINE(9, "address in quarantine"),
  DOUBLE(10, "double"),
  EXCLUDED_BY_SQL_RULE(11, "excluded by SQL rule"),
  EXCLUDED_AFTER_ARBITRATION(12, "excluded after arbitration"),
  BAD_QUALITY_ADDRESS(14, "bad quality address"),
  ADDRESS_NOT_QUALIFIED(15, "address not qualified"),
  NOT_ELIGIBLE(16, "not eligible for the offers"),
  TARGET_LIMITED(17, "target limited in size"),
  REFUSED(20, "refused"),
  ERROR_IGNORED(25, "error ignored"),
  CONTROL_ADDRESS(127, "control address");

  private final int code;
  private final String label;

  Reason(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The number stored in tables and given to the ERP. */
  public int code() {
    return code;
  }

  /** The words shown to people. */
  public String label() {
    return label;
  }

  /** The word used in rule files: {@code user-unknown}, {@code mailbox-full} … */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The reason with this code, or nothing when the code is not one of spec B1. */
  public static Optional<Reason> ofCode(int code) {
    for (Reason reason : values()) {
      if (reason.code == code) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
