package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    for (String text : new String[] {"Apache-2.0", "LGPL-2.1", "GPL-3"}) {
      assertThat(META_INF.resolve("licenses/" + text + ".txt")).isNotEmptyFile();
    }
  }
}
