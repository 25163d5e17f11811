package io.involution.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, as Markdown.
 *
 * @param file where it is
 * @param text its text
 */
record Page(Path file, String text) {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+(?:\\n[^`\\n]+)?)`");

  static Page read(Path file) throws IOException {
    return new Page(file, Files.readString(file));
  }

  /** The README and everything under src/site/markdown. */
  static List<Page> all() throws IOException {
    List<Page> pages = new ArrayList<>(List.of(read(Path.of("README.md"))));
    try (Stream<Path> files = Files.walk(Path.of("src", "site", "markdown"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        pages.add(read(file));
      }
    }
    return pages;
  }

  /** The contents of its fenced blocks in a language; "" means those without one. */
  List<String> blocks(String language) {
    return FENCE
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** The text without its fenced blocks. */
  String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  /** What stands between backticks outside of fenced blocks, line breaks as spaces. */
  List<String> codes() {
    return CODE.matcher(prose())
        .results()
        .map(code -> code.group(1).replaceAll("\\s*\\n\\s*", " "))
        .toList();
  }

  /** The targets of its links and pictures. */
  List<String> links() {
    return LINK.matcher(prose()).results().map(link -> link.group(1)).toList();
  }

  /** The anchors that code hosts give to its headings. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Matcher heading = HEADING.matcher(prose());
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  /**
   * Command lines of its fenced blocks: continued lines joined, comments and blank lines left out.
   */
  List<String> commandLines() {
    return blocks("").stream()
        .flatMap(block -> block.replaceAll("\\\\\\n *", "").lines())
        .map(line -> line.replaceAll("(^|\\s)#\\s.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
