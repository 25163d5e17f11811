package io.involution.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a local folder, for comparing before and after. */
public final class FolderListing {
  private FolderListing() {}

  /** Every file by its path, with its content; folders with a slash at the end. */
  public static Map<String, String> of(Path folder) throws IOException {
    Map<String, String> listing = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = folder.relativize(path).toString();
        if (Files.isDirectory(path)) {
          listing.put(name + "/", "");
        } else {
          listing.put(name, new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return listing;
  }

  /** Paths of the files alone. */
  static List<String> files(Path folder) throws IOException {
    return of(folder).keySet().stream().filter(name -> !name.endsWith("/")).toList();
  }
}
