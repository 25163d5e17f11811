package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The job jar says what it holds and under which licenses. */
class LicensesTest {
  private static final Path META_INF = Path.of("src/main/resources/META-INF");

  @Test
  void everyArtifactOfTheJobJarHasALicense() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String licenses = Files.readString(META_INF.resolve("THIRD-PARTY.txt"));
    String artifacts = pom.substring(pom.indexOf("<artifactSet>"), pom.indexOf("</artifactSet>"));
    Matcher include = Pattern.compile("<include>([^<]+?)(:\\*)?</include>").matcher(artifacts);
    int count = 0;
    while (include.find()) {
      if (!include.group(1).equals("io.involution")) {
        assertThat(licenses).contains("\n" + include.group(1) + "  ");
        count++;
      }
    }
    assertThat(count).isGreaterThan(10);
  }

  /** The page on security judges what is there, under its name and version. */
  @Test
  void whatIsJudgedIsWhatNd4jHolds() throws IOException {
    String licenses = Files.readString(META_INF.resolve("THIRD-PARTY.txt"));
    Matcher judged =
        Pattern.compile("\\| (\\S+ [\\d.]+), in ND4J \\|")
            .matcher(Files.readString(Path.of("src/site/markdown/security.md")));
    Set<String> names = new TreeSet<>();
    while (judged.find()) {
      names.add(judged.group(1));
    }
    assertThat(names).hasSize(5).allSatisfy(name -> assertThat(licenses).contains(name));
  }

  @Test
  void everyLicenseIsThereWithItsText() throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher name =
        Pattern.compile("\\b(?:[A-Z]{3,4}|Apache)-(?:exception-)?\\d[\\w.-]*")
            .matcher(Files.readString(META_INF.resolve("THIRD-PARTY.txt")));
    while (name.find()) {
      named.add(name.group() + ".txt");
    }
    assertThat(named).contains("Apache-2.0.txt", "EPL-1.0.txt", "BSD-3-Clause.txt");
    try (Stream<Path> texts = Files.list(META_INF.resolve("licenses"))) {
      assertThat(texts.filter(text -> text.toFile().length() > 1000))
          .extracting(text -> text.getFileName().toString())
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }
}
