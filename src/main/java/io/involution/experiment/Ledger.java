package io.involution.experiment;

import io.involution.files.NumberedNames;
import io.involution.metrics.Json;
import io.involution.run.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The record of an experiment's cells: one part for every claim of a cell, so that no process
 * writes to another's file, and {@code ledger.jsonl}, which joins the newest part of each cell. If
 * the two differ, the parts are authoritative.
 */
public final class Ledger {
  /** The file with all rows. */
  public static final String ALL = "ledger.jsonl";

  private static final String FOLDER = "ledger";
  private static final String PREFIX = "part-";
  private static final String SUFFIX = ".jsonl";

  /** Cell, claim. */
  private static final Pattern PART = Pattern.compile(PREFIX + "(\\w+)-(\\d{5,9})\\" + SUFFIX);

  private final ExperimentFolder folder;

  /** Rows of parts that no longer change, by the parts' names. */
  private final Map<String, LedgerRow> ended = new ConcurrentHashMap<>();

  /** The ledger of an experiment. */
  public Ledger(ExperimentFolder folder) {
    this.folder = folder;
  }

  /**
   * Writes a cell's row.
   *
   * @param claim the claim on the cell
   * @throws io.involution.failure.InputException when another process has taken the cell over
   */
  void write(Claim claim, LedgerRow row) {
    claim.check();
    folder.replace(
        String.format(
            Locale.ROOT, "%s/%s%s-%05d%s", FOLDER, PREFIX, row.cell(), claim.number(), SUFFIX),
        bytes(List.of(row)));
  }

  /** The newest row of a cell; empty if it has not been started. */
  Optional<LedgerRow> row(String cell) {
    return Optional.ofNullable(newest().get(cell)).map(this::read);
  }

  /** The rows of the planned cells, in their order, with the settings as they are named now. */
  public List<LedgerRow> rows(List<LedgerRow> planned) {
    Map<String, String> newest = newest();
    List<LedgerRow> rows = new ArrayList<>();
    for (LedgerRow cell : planned) {
      String part = newest.get(cell.cell());
      rows.add(part == null ? cell : read(part).with(cell.settings()));
    }
    return rows;
  }

  /** Joins the planned cells' rows into one file, and again if a part changed in the meantime. */
  synchronized List<LedgerRow> join(List<LedgerRow> planned) {
    List<LedgerRow> rows = rows(planned);
    List<LedgerRow> written;
    do {
      written = rows;
      folder.replace(ALL, bytes(written));
      rows = rows(planned);
    } while (!rows.equals(written));
    return rows;
  }

  /** The names of the newest parts, by cell. */
  private Map<String, String> newest() {
    Map<String, String> newest = new TreeMap<>();
    NumberedNames.sorted(folder.files().list(FOLDER), PART, 2)
        .forEach(part -> newest.put(part.group(1), part.group()));
    return newest;
  }

  private LedgerRow read(String part) {
    LedgerRow known = ended.get(part);
    if (known != null) {
      return known;
    }
    String name = FOLDER + "/" + part;
    byte[] bytes = folder.files().read(name).orElse(new byte[0]);
    LedgerRow row = folder.row(name, new String(bytes, StandardCharsets.UTF_8).strip());
    if (!part.startsWith(PREFIX + row.cell() + "-")) {
      throw folder.damaged(name, new IOException("it is of the cell " + row.cell()));
    }
    if (row.state().isEnded()) {
      ended.put(part, row);
    }
    return row;
  }

  static byte[] bytes(List<LedgerRow> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(Json.line(row)).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
