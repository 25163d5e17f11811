package io.involution.model;

import io.involution.failure.InputException;
import io.involution.files.WholeFile;
import io.involution.model.configuration.NetworkRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The entries of a model.zip: known names, each once, and none larger than it can be. */
final class ModelArchive {
  /** The network as DL4J describes it, JSON. */
  static final String CONFIGURATION = "configuration.json";

  /** The parameters. */
  static final String COEFFICIENTS = "coefficients.bin";

  /** What else a command must know to use the model; absent in files of older jobs. */
  static final String METADATA = "involution.json";

  /** The updater's state, which nothing reads. */
  static final String UPDATER = "updaterState.bin";

  /** What ND4J writes before the numbers of an array takes far less than a kilobyte. */
  private static final int MOST_COEFFICIENTS = Float.BYTES * NetworkRules.MOST_PARAMETERS + 1024;

  /** AMSGrad keeps three numbers for each parameter, and no updater keeps more. */
  private static final int MOST_UPDATER = 3 * MOST_COEFFICIENTS;

  /** The most bytes of all entries together. */
  static final int MOST_IN_ALL = MOST_COEFFICIENTS + MOST_UPDATER + 2 * WholeFile.MOST_JSON;

  /** The most bytes of each entry, counted while it is inflated: what is trained can be read. */
  static final Map<String, Integer> MOST_BYTES =
      Map.of(
          CONFIGURATION,
          WholeFile.MOST_JSON,
          COEFFICIENTS,
          MOST_COEFFICIENTS,
          UPDATER,
          MOST_UPDATER,
          METADATA,
          WholeFile.MOST_JSON);

  private static final int SHOWN = 40;

  private final Map<String, byte[]> entries;

  private ModelArchive(Map<String, byte[]> entries) {
    this.entries = entries;
  }

  /**
   * Reads the entries; the updater state is checked, but not kept.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @throws InputException when the file is damaged, lacks an entry or has others than a model's
   */
  static ModelArchive read(byte[] bytes, String name) {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String found = entry.getName();
        if (!MOST_BYTES.containsKey(found) || entries.containsKey(found)) {
          throw new InputException(
              name
                  + " contains an entry that a model file of this job does not have"
                  + (MOST_BYTES.containsKey(found) ? " twice (" : " (")
                  + shown(found)
                  + "): use a model.zip that train wrote");
        }
        entries.put(found, content(zip, found, name));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(name + " is damaged: use another copy of it", e);
    }
    if (!entries.containsKey(CONFIGURATION) || !entries.containsKey(COEFFICIENTS)) {
      throw new InputException(name + " is not a model file: use a model.zip that train wrote");
    }
    return new ModelArchive(entries);
  }

  /** The bytes of an entry other than {@link #UPDATER}; not a copy, and null if there is none. */
  byte[] entry(String wanted) {
    return entries.get(wanted);
  }

  private static byte[] content(ZipInputStream zip, String entry, String name) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    long length = 0;
    for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
      length += read;
      if (length > MOST_BYTES.get(entry)) {
        throw new InputException(name + " is larger than any model: use another copy of it");
      }
      if (!entry.equals(UPDATER)) {
        content.write(buffer, 0, read);
      }
    }
    return content.toByteArray();
  }

  /** A name from the file as a terminal can show it: plain characters, and not too many. */
  static String shown(String name) {
    String start = name.substring(0, Math.min(SHOWN, name.length())).replaceAll("[^\\w.-]", "?");
    return name.length() > SHOWN ? start + "..." : start;
  }
}
