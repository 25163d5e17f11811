package io.involution.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Why a server refuses something, in its own words, as one short line that is only text. */
final class MlflowReason {
  private static final int LONGEST = 300;

  private MlflowReason() {}

  /**
   * The reason in a response's body: the message of MLflow's JSON, or a short plain text.
   *
   * @return the reason after a colon and a blank; empty if there is none
   */
  static String of(byte[] body) {
    String reason = message(body);
    String text =
        reason
            .codePoints()
            .limit(LONGEST)
            .map(point -> isText(point) ? point : ' ')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip();
    return text.isEmpty() || text.startsWith("<") ? "" : ": " + text;
  }

  private static boolean isText(int point) {
    return !Character.isISOControl(point)
        && Character.getType(point) != Character.FORMAT
        && Character.getType(point) != Character.LINE_SEPARATOR
        && Character.getType(point) != Character.PARAGRAPH_SEPARATOR
        && Character.getType(point) != Character.SURROGATE;
  }

  private static String message(byte[] body) {
    try {
      JsonNode answer = Json.tree(body);
      if (answer.path("message").isTextual()) {
        return answer.path("message").textValue();
      }
      return answer.path("error_code").asText("");
    } catch (IOException notJson) {
      return new String(body, 0, Math.min(body.length, LONGEST), StandardCharsets.UTF_8);
    }
  }
}
