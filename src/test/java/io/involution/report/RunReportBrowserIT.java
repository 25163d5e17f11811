package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private static final long MOST_BYTES = 3_000_000;

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
    FixturePages.write(run, run.resolve("report"));
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
  @CsvSource({"400, light", "400, dark", "1000, light", "1000, dark", "1600, light", "1600, dark"})
  void fitsEveryScreen(int width, String scheme) throws IOException {
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
    assertThat(lowContrast()).isEmpty();
    quiet();
    screenshot(width + "-" + scheme);
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

  private static void open(int width, String scheme) {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.seen.clear();
    Path page = folder.resolve("run/report/index.html").toAbsolutePath();
    browser.call("Page.navigate", Map.of("url", page.toUri().toString()));
    browser.event("Page.loadEventFired");
  }

  /** Texts whose contrast with what is behind them is below WCAG's 4.5, 3 where they are large. */
  private static String lowContrast() {
    return browser
        .evaluate(
            """
            (() => {
              const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
              const rgba = colour => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
              };
              const light = rgb => {
                const [r, g, b] = rgb.slice(0, 3).map(v => v / 255)
                  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const colour = rgba(getComputedStyle(e).backgroundColor);
                  if (colour[3] === 255) return colour;
                }
                return [255, 255, 255];
              };
              const found = new Set();
              for (const e of document.body.querySelectorAll('*')) {
                if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
                const style = getComputedStyle(e);
                const [a, b] = [light(rgba(style.color)), light(behind(e))].sort((x, y) => y - x);
                const large = parseFloat(style.fontSize) >= 24;
                if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) found.add(e.tagName + '.' + e.className);
              }
              return [...found].join(' ');
            })()
            """)
        .asText();
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
    assertThat(Files.size(folder.resolve("run/report/index.html"))).isLessThan(MOST_BYTES);
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
