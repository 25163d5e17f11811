package io.involution.metrics;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.model.ModelMetadata;
import io.involution.run.RunFolder;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The files of a run's result, whose lengths and digests run.json records when the run is done:
 * {@code metrics.jsonl}, {@code MODEL/model.zip} and {@code MODEL/artifacts/*}.
 */
public final class ResultFiles {
  private static final Pattern ARTIFACT = Pattern.compile("[a-z]+\\.json");
  private static final Pattern NAME =
      Pattern.compile(
          "metrics\\.jsonl|" + ModelMetadata.NETWORK + "/(model\\.zip|artifacts/[a-z]+\\.json)");

  private ResultFiles() {}

  /**
   * What run.json records of a file.
   *
   * @param bytes its length
   * @param sha256 the digest of its content
   */
  public record Recorded(long bytes, String sha256) {}

  /** The files that exist, by their names in the run's folder. */
  static Map<String, Recorded> of(RunFolder folder, Collection<String> models) {
    List<String> names = new ArrayList<>(List.of(MetricsFolder.ALL));
    for (String model : models) {
      names.add(model + "/model.zip");
      folder.list(model + "/artifacts").stream()
          .filter(name -> ARTIFACT.matcher(name).matches())
          .forEach(name -> names.add(model + "/artifacts/" + name));
    }
    Map<String, Recorded> files = new LinkedHashMap<>();
    for (String name : names) {
      digest(folder, name).ifPresent(found -> files.put(name, found));
    }
    return files;
  }

  private static Optional<Recorded> digest(RunFolder folder, String name) {
    DigestOutputStream digest =
        new DigestOutputStream(OutputStream.nullOutputStream(), Sha256.start());
    OptionalLong bytes = folder.copy(name, digest);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Recorded(
                bytes.getAsLong(), HexFormat.of().formatHex(digest.getMessageDigest().digest())));
  }

  /**
   * A file of a finished run that is not what the run wrote.
   *
   * @param name its name in the run's folder
   * @param how what is wrong with it
   */
  public record Damage(String name, String how) {
    /** The damage in a few words. */
    public String shown() {
      return name + " (" + how + ")";
    }
  }

  /**
   * The damaged files of a finished run, by their content.
   *
   * @return nothing if the run is not finished, or a version finished it that recorded no files
   * @throws InputException if the record cannot be read
   */
  public static List<Damage> damaged(RunFolder folder) {
    List<Damage> damaged = new ArrayList<>(ofAnotherLength(folder));
    recorded(folder)
        .forEach(
            (name, recorded) -> {
              if (damaged.stream().noneMatch(damage -> damage.name().equals(name))
                  && digest(folder, name)
                      .filter(found -> found.sha256().equals(recorded.sha256()))
                      .isEmpty()) {
                damaged.add(new Damage(name, "its content has changed"));
              }
            });
    return damaged;
  }

  /** The files of a finished run that are missing or longer or shorter than they were. */
  public static List<Damage> ofAnotherLength(RunFolder folder) {
    List<Damage> damaged = new ArrayList<>();
    recorded(folder)
        .forEach(
            (name, recorded) -> {
              OptionalLong length = folder.length(name);
              if (length.isEmpty()) {
                damaged.add(new Damage(name, "missing"));
              } else if (length.getAsLong() != recorded.bytes()) {
                damaged.add(
                    new Damage(
                        name,
                        String.format(
                            Locale.ROOT,
                            "%d bytes instead of %d",
                            length.getAsLong(),
                            recorded.bytes())));
              }
            });
    return damaged;
  }

  /**
   * Makes sure that a run that says it is finished has all its files.
   *
   * @throws InputException naming those that are damaged
   */
  public static void requireWhole(RunFolder folder) {
    requireNone(folder, damaged(folder));
  }

  /**
   * The same by the lengths only, without reading the files.
   *
   * @throws InputException naming those that are damaged
   */
  public static void requireLengths(RunFolder folder) {
    requireNone(folder, ofAnotherLength(folder));
  }

  private static void requireNone(RunFolder folder, List<Damage> damaged) {
    if (!damaged.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is damaged: %s: repair it with the run's own command and --resume, or use another"
                  + " copy",
              folder.location(),
              shown(damaged)));
    }
  }

  /** Damaged files in one line. */
  public static String shown(List<Damage> damaged) {
    return String.join(", ", damaged.stream().map(Damage::shown).toList());
  }

  /**
   * Whether bytes are those of a file of a run; true if the run's record does not know the file.
   */
  public static boolean isWhole(RunFolder folder, String name, byte[] bytes) {
    Recorded recorded = recorded(folder).get(name);
    return recorded == null || Sha256.hex(bytes).equals(recorded.sha256());
  }

  /** The files of the record of a finished run; other names than those of results do not count. */
  private static Map<String, Recorded> recorded(RunFolder folder) {
    Map<String, Recorded> files = new LinkedHashMap<>(RunRecord.files(folder));
    files
        .entrySet()
        .removeIf(
            file ->
                !NAME.matcher(file.getKey()).matches()
                    || file.getValue() == null
                    || file.getValue().sha256() == null);
    return files;
  }
}
