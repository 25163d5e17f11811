package io.involution.spark.classify;

import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A partition that is done. Its marker is written after its files.
 *
 * @param part the partition's number, from 0
 * @param files number of its files
 * @param rows number of its rows
 * @param unreadable how many of them have an error instead of a label
 * @param errors the first ones of these
 */
record Part(int part, int files, long rows, long unreadable, List<String> errors)
    implements Serializable {
  /** How many errors are named. */
  static final int NAMED = 3;

  private static final String FOLDER = "_parts";

  /** Checks the numbers, which a file may have said. */
  Part {
    if (part < 0 || files < 0 || rows < 0 || unreadable < 0 || unreadable > rows) {
      throw new IllegalArgumentException("a partition of " + rows + " rows");
    }
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  /** Notes in the folder that the partition is done. */
  void mark(FolderFiles out) {
    out.write(FOLDER + "/" + marker(), Json.pretty(this), Durability.ON_DISK);
  }

  private String marker() {
    return String.format(Locale.ROOT, "%05d.json", part);
  }

  /** How many of some partitions have their marker and all their files, by the names alone. */
  static long found(FolderFiles out, Collection<Part> parts) {
    Set<String> there = new HashSet<>(out.list(""));
    Set<String> markers = new HashSet<>(out.list(FOLDER));
    return parts.stream()
        .filter(part -> markers.contains(part.marker()) && there.containsAll(part.names()))
        .count();
  }

  /** The partitions that are done and have all their files, by number. */
  static TreeMap<Integer, Part> done(FolderFiles out) {
    Set<String> there = new HashSet<>(out.list(""));
    // There may be thousands, and an object store takes its time for each.
    return out.list(FOLDER).parallelStream()
        .map(name -> read(out, name))
        .flatMap(Optional::stream)
        .filter(part -> there.containsAll(part.names()))
        .collect(
            Collectors.toMap(Part::part, Function.identity(), (one, same) -> one, TreeMap::new));
  }

  private List<String> names() {
    return IntStream.range(0, files).mapToObj(file -> PartWriter.name(part, file)).toList();
  }

  /** Empty if no such marker is whole: then the partition is computed again. */
  private static Optional<Part> read(FolderFiles out, String name) {
    Optional<byte[]> bytes = out.read(FOLDER + "/" + name);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(bytes.get(), Part.class))
          .filter(part -> part.marker().equals(name));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
