package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page in a real browser: narrow and wide, light and dark. Its pictures are in
 * target/report-screenshots. Skipped, and said so, where no Chromium is installed.
 */
class RunReportBrowserIT {
  private static final Path SCREENSHOTS = Path.of("target", "report-screenshots");

  @TempDir private static Path folder;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Optional<Path> executable = Chromium.installed();
    if (executable.isEmpty()) {
      System.out.println("RunReportBrowserIT is skipped: no Chromium on the PATH");
    }
    assumeTrue(executable.isPresent(), "no Chromium on the PATH");
    Path run = folder.resolve("run");
    new RunFixture(42).write(run);
    writePage(run);
    browser = new Chromium(executable.get(), Files.createDirectory(folder.resolve("profile")));
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      browser.call(domain + ".enable", Map.of());
    }
    Files.createDirectories(SCREENSHOTS);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, light, true",
    "400, dark, false",
    "1000, light, false",
    "1000, dark, true",
    "1600, light, false",
    "1600, dark, false"
  })
  void fitsEveryScreen(int width, String scheme, boolean access) throws IOException {
    open(width, scheme);

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(width);
    // Only what scrolls by itself may be wider than its place.
    assertThat(
            browser
                .evaluate(
                    """
                    [...document.body.querySelectorAll('*')]
                      .filter(e => !e.closest('.scroll, pre, svg, details:not([open])'))
                      .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                      .map(e => e.tagName + '.' + e.className).join(' ')
                    """)
                .asText())
        .isEmpty();
    String expected = scheme.equals("dark") ? "rgb(17, 21, 26)" : "rgb(255, 255, 255)";
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo(expected);
    assertThat(browser.evaluate("[...document.images].every(i => i.naturalWidth > 0)").asBoolean())
        .isTrue();
    quiet();
    // The page is the same, and its colors are the scheme's: what takes seconds looks at it twice.
    assertThat(access ? faults() : "").isEmpty();
    screenshot(width + "-" + scheme);
  }

  /** Whatever was trained: the head compares it, and nothing is wider than the page. */
  @ParameterizedTest
  @CsvSource({
    "4, 400, light",
    "4, 1000, dark",
    "3, 1600, light",
    "2, 1300, dark",
    "1, 1000, light"
  })
  void comparesWhatWasTrained(int networks, int width, String scheme) throws IOException {
    List<String> names = List.of("deep-convolution", "deep-involution", "resnet", "rednet");
    Path run = folder.resolve("networks-" + networks);
    if (!Files.exists(run)) {
      new RunFixture(42)
          .epochs(3)
          .models(names.subList(0, networks).toArray(new String[0]))
          .write(run);
      writePage(run);
    }

    open(run, width, scheme);

    assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
    assertThat(number("document.querySelectorAll('header .card').length")).isEqualTo(networks);
    assertThat(number("document.querySelectorAll('header figure').length"))
        .isEqualTo(networks > 1 ? 3 : 0);
    // Three networks are drawn as four are.
    assertThat(networks == 3 ? "" : faults()).isEmpty();
    screenshot("networks-" + networks + "-" + width + "-" + scheme);
  }

  /** Cells that differ in many options: no table is wider than the page. */
  @Test
  void theRunsOfAnExperimentFitTheScreen() throws IOException {
    List<RunData> runs = new ArrayList<>();
    for (int cell = 0; cell < 4; cell++) {
      Path run = folder.resolve("cells/0123456789a" + cell);
      new RunFixture(42 + cell / 2)
          .epochs(2)
          .workers(1 + cell)
          .option("averaging_period", 4 * (1 + cell % 3))
          .option("kernel_size", 3 + 2 * (cell % 2))
          .option("groups", 1 + 2 * (cell % 2))
          .option("stride", 1 + cell % 2)
          .option("outer_step", cell == 3 ? "nesterov" : "average")
          .option("learning_rate_decay", cell == 2 ? "cosine" : "constant")
          .write(run);
      runs.add(RunData.read(RunFolder.read(run.toString(), new Configuration())));
    }
    Path page = folder.resolve("experiment/report/index.html");
    Files.createDirectories(page.getParent());
    Files.write(page, RunsReport.files(runs).get(RunReport.INDEX));

    for (int width : new int[] {1300, 400}) {
      open(folder.resolve("experiment"), width, "light");
      assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
      screenshot("experiment-" + width);
    }
    assertThat(faults()).isEmpty();
    open(folder.resolve("experiment"), 1300, "light");
    assertThat(number("document.querySelector('figure.whole svg').getBoundingClientRect().width"))
        .isGreaterThan(1100);
    assertThat(number("document.querySelectorAll('header figure').length")).isEqualTo(2);
    browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
    assertThat(
            number(
                "[...document.querySelectorAll('.scroll')]"
                    + ".filter(e => e.scrollWidth > e.clientWidth).length"))
        .isZero();
    quiet();
  }

  @Test
  void isReadWithoutPictures() {
    open(1000, "light");

    assertThat(browser.evaluate("document.title").asText()).contains("cifar10-unverified");
    assertThat(browser.evaluate("document.documentElement.lang").asText()).isEqualTo("en");
    assertThat(number("document.querySelectorAll('h1').length")).isEqualTo(1);
    assertThat(number("document.querySelectorAll('main').length")).isEqualTo(1);
    assertThat(number("[...document.images].filter(i => !i.alt).length")).isZero();
    assertThat(number("document.querySelectorAll('svg:not([role=img][aria-label])').length"))
        .isZero();
    assertThat(number("document.querySelectorAll('th:not([scope])').length")).isZero();
    assertThat(number("[...document.querySelectorAll('table')].filter(t => !t.caption).length"))
        .isZero();
    assertThat(number("[...document.querySelectorAll('[id]')].length"))
        .isEqualTo(number("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"));
  }

  /** Whatever is in a name: no script, no handler, nothing fetched, nothing said. */
  @Test
  void hostileNamesDoNothing() throws IOException {
    String hostile = "\"'><img src=x onerror=alert(1)><script>console.log(1)</script>&";
    List<String> classes = new ArrayList<>(RunFixture.CLASSES);
    classes.set(0, hostile);
    Path run = folder.resolve("hostile");
    new RunFixture(1).epochs(2).classes(classes).option("data", hostile).write(run);
    writePage(run);

    open(run, 1000, "light");

    assertThat(number("document.scripts.length")).isZero();
    assertThat(
            number(
                "[...document.querySelectorAll('*')].filter(e => [...e.attributes]"
                    + ".some(a => a.name.startsWith('on'))).length"))
        .isZero();
    assertThat(number("[...document.images].filter(i => !i.src.startsWith('data:')).length"))
        .isZero();
    assertThat(browser.evaluate("document.body.innerText").asText()).contains(hostile);
    quiet();
  }

  private static void writePage(Path run) throws IOException {
    Path report = Files.createDirectories(run.resolve("report"));
    Files.write(report.resolve(RunReport.INDEX), Fixtures.page(run));
  }

  private static void open(int width, String scheme) {
    open(folder.resolve("run"), width, scheme);
  }

  private static void open(Path run, int width, String scheme) {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.seen.clear();
    Path page = run.resolve("report/index.html").toAbsolutePath();
    browser.call("Page.navigate", Map.of("url", page.toUri().toString()));
    browser.event("Page.loadEventFired");
  }

  /** What axe-core finds, of every weight, with all that can be opened open. */
  private static String faults() throws IOException {
    browser.evaluate(axe() + "; document.querySelectorAll('details').forEach(d => d.open = true)");
    return browser
        .evaluate(
            """
            axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
              .map(v => v.impact + ' ' + v.id + ': ' + v.nodes.map(n => n.html).join(' '))
              .join('\\n'))
            """)
        .asText();
  }

  private static String axe() throws IOException {
    String version = System.getProperty("axe.version");
    String name = "/META-INF/resources/webjars/axe-core/" + version + "/axe.min.js";
    try (InputStream script = RunReportBrowserIT.class.getResourceAsStream(name)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Nothing was said on the console, and nothing fetched but the page itself. */
  private static void quiet() throws IOException {
    browser.evaluate("new Promise(done => setTimeout(done, 300))");
    Set<String> fetched = new HashSet<>();
    for (JsonNode message : browser.seen) {
      String method = message.path("method").asText();
      assertThat(method)
          .as(message.toString())
          .isNotIn("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled");
      if (method.equals("Network.requestWillBeSent")) {
        fetched.add(message.at("/params/request/url").asText().replaceAll("^data:.*", "data:"));
      }
    }
    fetched.remove("data:");
    assertThat(fetched).singleElement().asString().startsWith("file:").endsWith("index.html");
  }

  private static void screenshot(String name) throws IOException {
    JsonNode shot =
        browser.call(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.write(
        SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(shot.get("data").asText()));
  }

  private static int number(String expression) {
    return browser.evaluate(expression).asInt();
  }
}
