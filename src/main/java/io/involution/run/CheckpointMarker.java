package io.involution.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.model.ModelMetadata;
import io.involution.train.EpochSums;
import io.involution.train.time.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A checkpoint's last file, which commits it: one line of JSON with the digests of everything that
 * belongs to the checkpoint, and one line with the digest of the first line.
 *
 * @param format version of the checkpoint format
 * @param identity everything that determines the run's result
 * @param position how far training has progressed
 * @param sums sums over the rounds of the current epoch
 * @param files the digests of the checkpoint's own files, by name
 * @param parts digests of the metrics of earlier epochs, by name
 */
record CheckpointMarker(
    int format,
    Map<String, String> identity,
    Position position,
    EpochSums sums,
    Map<String, String> files,
    Map<String, String> parts) {
  /** The version that this job writes and reads. */
  static final int FORMAT = 1;

  private static final Set<String> FILES = Set.of(Checkpoints.STATE, Checkpoints.ROWS);

  private static final Pattern PART =
      Pattern.compile("metrics/part-" + ModelMetadata.NETWORK + "-\\d{5,9}-\\d{5,9}\\.jsonl");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DIGEST_LINE = 65;

  /** Requires what every marker has; a digest is for a file that checkpoints consist of. */
  CheckpointMarker {
    Objects.requireNonNull(identity, "no identity");
    Objects.requireNonNull(position, "no position");
    files = Map.copyOf(files);
    parts = Map.copyOf(parts);
    if (sums.examples() < 0 || sums.correct() < 0 || !Double.isFinite(sums.lossSum())) {
      throw new IllegalArgumentException("sums " + sums);
    }
    if (!files.keySet().equals(FILES)) {
      throw new IllegalArgumentException("files " + files.keySet());
    }
    if (!parts.keySet().stream().allMatch(part -> PART.matcher(part).matches())) {
      throw new IllegalArgumentException("parts " + parts.keySet());
    }
  }

  /** The file's bytes. */
  byte[] bytes() {
    try {
      String line = JSON.writeValueAsString(this) + "\n";
      String digest = Sha256.hex(line.getBytes(StandardCharsets.UTF_8));
      return (line + digest + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }

  /**
   * Whether a file is complete. A driver may die while it writes one, even the first: such a
   * checkpoint has never been committed, and if it is the only one, there is nothing to resume
   * from.
   */
  static boolean isWhole(byte[] bytes) {
    int length = bytes.length - DIGEST_LINE;
    return length > 0 && bytes[length - 1] == '\n' && bytes[bytes.length - 1] == '\n';
  }

  /**
   * Parses a file's bytes.
   *
   * @param bytes the whole file
   * @param name the checkpoint, for the error message
   * @return empty when it is truncated or damaged
   * @throws InputException when it has another version
   */
  static Optional<CheckpointMarker> read(byte[] bytes, String name) {
    int length = bytes.length - DIGEST_LINE;
    if (length < 0) {
      return Optional.empty();
    }
    byte[] line = Arrays.copyOf(bytes, length);
    byte[] digest = Arrays.copyOfRange(bytes, length, bytes.length);
    if (!Arrays.equals((Sha256.hex(line) + "\n").getBytes(StandardCharsets.UTF_8), digest)) {
      return Optional.empty();
    }
    try {
      int format = JSON.readTree(line).path("format").asInt();
      if (format != FORMAT) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s has format version %d, this job reads %d: use the job that wrote it",
                name,
                format,
                FORMAT));
      }
      return Optional.of(JSON.readValue(line, CheckpointMarker.class));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
