package io.involution.site;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.involution.driver.provenance.RunFacts;
import io.involution.evaluate.artifact.Confusion;
import io.involution.experiment.LedgerRow;
import io.involution.metrics.Json;
import io.involution.metrics.MetricsRow;
import io.involution.model.summary.NetworkSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page that lists every field of the files of a run and of an experiment: as Jackson writes the
 * records, with the meanings that their Javadoc gives.
 */
public final class FieldsPage {
  private static final String BEGINNING =
      """
      # Every field of a run's files

      This page is generated from the declarations of the records that are written, see [contributing](contributing.md).
      [Reading a run's folder](outputs.md) says what the metrics mean, and [options](options.md) what the options do.

      Fields are named as `jq` takes them: `[]` stands for every element of a list, and for every value of an object whose
      keys are names of networks or of files. Times are in seconds and sizes in bytes where nothing else is said. Fields may
      be added in later versions. Images are base64 of a byte for each pixel and channel, channel by channel; the shape stands
      before it where it is not CIFAR-10's, such as `1x28x28:`.
      """;

  private static final Pattern PARAMETER =
      Pattern.compile("@param (\\w+)\\s+(.*?)(?=\\n@|\\z)", Pattern.DOTALL);

  private final StringBuilder text = new StringBuilder(BEGINNING);

  /** The headings under which records are listed. */
  private final Map<Class<?>, String> listed = new HashMap<>();

  private String heading;

  private FieldsPage() {}

  /** Its text. */
  public static String text() {
    FieldsPage page = new FieldsPage();
    page.section(
        "`run.json`", List.of(nested("io.involution.metrics.RunRecord$Contents"), RunFacts.class));
    for (JsonSubTypes.Type row : MetricsRow.class.getAnnotation(JsonSubTypes.class).value()) {
      page.section(
          "`metrics.jsonl`, lines whose `type` is `" + row.name() + "`", List.of(row.value()));
    }
    page.artifact("network", NetworkSummary.class);
    page.artifact("confusion", Confusion.class);
    for (String name : List.of("Mistakes", "Samples", "Predictions")) {
      page.artifact(
          name.toLowerCase(Locale.ROOT), nested("io.involution.metrics.ArtifactFolder$" + name));
    }
    page.section("`ledger.jsonl` of an experiment", List.of(LedgerRow.class));
    return page.text.toString();
  }

  private static Class<?> nested(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private void artifact(String name, Class<?> type) {
    section("`MODEL/artifacts/" + name + ".json`", List.of(type));
  }

  private void section(String where, List<Class<?>> types) {
    heading = where;
    text.append("\n## ").append(where).append("\n\n| Field | Value | Meaning |\n|---|---|---|\n");
    types.forEach(type -> rows("", Json.MAPPER.constructType(type)));
  }

  private void rows(String prefix, JavaType type) {
    Map<String, String> meanings = meanings(type.getRawClass());
    for (BeanPropertyDefinition field :
        Json.MAPPER.getSerializationConfig().introspect(type).findProperties()) {
      String meaning = meanings.get(field.getInternalName());
      if (meaning == null) {
        throw new IllegalStateException(type + " does not say what " + field.getName() + " is");
      }
      JavaType value = field.getPrimaryType();
      String name = prefix + field.getName();
      JavaType content = value.isContainerType() ? value.getContentType() : value;
      boolean nested = content.isRecordType() && words(content).equals("object");
      String before = nested ? listed.putIfAbsent(content.getRawClass(), heading) : null;
      text.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %s%s |%n",
              name,
              words(value),
              meaning,
              before == null ? "" : ", as in " + before));
      if (nested && before == null) {
        rows(name + (value.isContainerType() ? "[]." : "."), content);
      }
    }
  }

  private static String words(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isEnumType()) {
      return Stream.of(raw.getEnumConstants())
          .map(constant -> "`" + Json.MAPPER.valueToTree(constant).textValue() + "`")
          .collect(Collectors.joining(", "));
    }
    if (type.isMapLikeType()) {
      return "object";
    }
    if (type.isContainerType()) {
      return "list";
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return "true or false";
    }
    if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
      return "integer";
    }
    if (raw.isPrimitive() || Number.class.isAssignableFrom(raw)) {
      return "number";
    }
    boolean isText =
        !type.isRecordType()
            || Json.MAPPER.getSerializationConfig().introspect(type).findJsonValueAccessor()
                != null;
    return isText ? "text" : "object";
  }

  /** What the Javadoc of a record says of its components. */
  private static Map<String, String> meanings(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String source = source(Path.of("src/main/java", outer.getName().replace('.', '/') + ".java"));
    Matcher declaration =
        Pattern.compile("\\brecord " + type.getSimpleName() + "\\(").matcher(source);
    if (!declaration.find()) {
      throw new IllegalStateException(type + " is not in its file");
    }
    String before = source.substring(0, declaration.start());
    String comment = before.substring(before.lastIndexOf("/**") + 3, before.lastIndexOf("*/"));
    Matcher parameters = PARAMETER.matcher(comment.replaceAll("\\s*\n\\s*\\* ?", "\n").strip());
    Map<String, String> meanings = new HashMap<>();
    while (parameters.find()) {
      meanings.put(parameters.group(1), markdown(parameters.group(2)));
    }
    return meanings;
  }

  private static String markdown(String javadoc) {
    return javadoc
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ([^}]*)\\}", "`$1`")
        .replaceAll("\\{@link #?([^}]*)\\}", "$1")
        .strip()
        .replace("|", "\\|");
  }

  private static String source(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
