package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The README and the pages name what exists: pages, files, commands, options and classes. */
class PagesTest {
  private static final int MOST_README_LINES = 150;
  private static final Path README = Path.of("README.md");

  /** A file of this repository in running text; words in capitals and patterns are placeholders. */
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])(?:conf|submit|src|\\.ci|\\.mvn)/[\\w./*{}-]*");

  private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test=(\\w+)");

  /** A class of some library or of ours, as the pages write it in running text. */
  private static final Pattern TYPE = Pattern.compile("[A-Z][a-z]+[A-Z]\\w*");

  private static final Pattern CLASS = Pattern.compile("\\bio(?:\\.[a-z0-9]+)+\\.[A-Z]\\w*");

  private static List<Page> pages;
  private static CommandLineModel model;

  @BeforeAll
  static void read() throws IOException {
    pages = Page.all();
    model = new CommandLineModel();
  }

  @Test
  void theReadmeIsShortAndHasTheCommandsThatPeopleNeedFirst() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(MOST_README_LINES);
    assertThat(Files.readString(README))
        .contains("submit/local train", "mvn -B test", "mvn -B verify");
  }

  @Test
  void everyRelativeLinkAndItsAnchorExist() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Page page : pages) {
      for (String link : page.links()) {
        if (link.matches("[a-z]+:.*")) {
          continue;
        }
        String[] parts = link.split("#", 2);
        Path target =
            parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)
            || (parts.length > 1 && !Page.read(target).anchors().contains(parts[1]))) {
          broken.add(page.file() + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageCanBeReachedFromTheReadme() throws IOException {
    Set<Path> reached = new HashSet<>();
    List<Path> next = new ArrayList<>(List.of(README));
    while (!next.isEmpty()) {
      Path file = next.remove(0);
      if (reached.add(file)) {
        for (String link : Page.read(file).links()) {
          Path target = file.resolveSibling(link.replaceFirst("#.*", "")).normalize();
          if (link.contains(".md") && !link.contains(":") && Files.exists(target)) {
            next.add(target);
          }
        }
      }
    }
    assertThat(pages).extracting(Page::file).isSubsetOf(reached);
  }

  @Test
  void everyOptionExists() {
    List<String> unknown = new ArrayList<>();
    for (Page page : pages) {
      Stream.concat(page.codes().stream(), page.commandLines().stream())
          .filter(CommandLineModel::isOurs)
          .flatMap(code -> CommandLineModel.options(code).stream())
          .filter(option -> !model.knows(option))
          .forEach(option -> unknown.add(page.file() + ": " + option));
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyCommandLineIsAccepted() {
    List<String> wrong = new ArrayList<>();
    int lines = 0;
    for (Page page : pages) {
      for (String line : page.commandLines()) {
        if (line.startsWith("submit/") && !line.contains("[SUBMIT OPTIONS]")) {
          lines++;
          String problem = model.problem(line);
          if (!problem.isEmpty()) {
            wrong.add(page.file() + ": " + line + ": " + problem);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(lines).isGreaterThan(10);
  }

  @Test
  void everyFileExists() {
    List<String> missing = new ArrayList<>();
    for (Page page : pages) {
      String code = String.join("\n", page.codes()) + "\n" + String.join("\n", page.blocks(""));
      for (String name : matches(FILE, code)) {
        String path = name.replaceAll("[.]+$", "");
        if (!path.matches(".*([A-Z]{3,}|[*{}]).*") && !Files.exists(Path.of(path))) {
          missing.add(page.file() + ": " + name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyClassExists() throws IOException {
    Set<String> classes = new HashSet<>();
    Set<String> words = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String name = file.toString().replaceFirst(".*/java/", "").replaceFirst("\\.java$", "");
        classes.add(name.replace('/', '.'));
        words.addAll(matches(TYPE, Files.readString(file)));
      }
    }
    List<String> missing = new ArrayList<>();
    for (Page page : pages) {
      List<String> named = new ArrayList<>(matches(CLASS, page.text()));
      named.removeIf(name -> !name.startsWith("io.involution.") || classes.contains(name));
      TEST.matcher(page.text()).results().map(test -> test.group(1)).forEach(named::add);
      page.codes().stream().filter(code -> TYPE.matcher(code).matches()).forEach(named::add);
      named.removeIf(words::contains);
      named.forEach(name -> missing.add(page.file() + ": " + name));
    }
    assertThat(missing).isEmpty();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
