package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.value.HostNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsEndpointTest {
  private final Scrapes scrapes = new Scrapes();
  private MetricsEndpoint endpoint;

  @BeforeEach
  void open() throws IOException {
    endpoint = opened(scrapes);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  private static MetricsEndpoint opened(Scrapes scrapes) throws IOException {
    return MetricsEndpoint.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        HostNames.of(Set.of("driver.example")),
        () -> "a 1.0\n",
        scrapes);
  }

  /** The answer to these lines, sent as they are: Java's client would correct them. */
  private static String answer(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String answer(String request, String host) throws IOException {
    return answer(
        endpoint.address().getPort(),
        request + " HTTP/1.1",
        "Host: " + host,
        "Connection: close",
        "Content-Length: 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.0.0.1:9404", "[::1]:9404", "LocalHost:1", "Driver.example:9404"})
  void answersWhoeverNamesTheDriver(String host) throws IOException {
    assertThat(answer("GET /metrics", host))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        .endsWith("\r\n\r\na 1.0\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /metrics, evil.example, 403",
    "GET /metrics, 127.0.0.1.evil.example, 403",
    "GET /metrics, '', 403",
    "GET /, localhost, 404",
    "GET /metrics/x, localhost, 404",
    "GET /../metrics, localhost, 404",
    "POST /metrics, localhost, 405",
    "HEAD /metrics, localhost, 405",
    "DELETE /metrics, localhost, 405",
  })
  void answersNothingElse(String request, String host, String code) throws IOException {
    assertThat(answer(request, host)).startsWith("HTTP/1.1 " + code).doesNotContain("a 1.0");
  }

  @Test
  void knowsWhichReaderIsPrometheus() throws IOException {
    int port = endpoint.address().getPort();
    answer("GET /metrics", "localhost");
    long now = System.nanoTime();
    assertThat(scrapes.longest(now)).isZero();

    answer(port, "GET /metrics HTTP/1.0", "Host: localhost", Scrapes.HEADER + ": 10");

    assertThat(scrapes.longest(System.nanoTime())).isPositive();
  }

  /** In a JVM of its own: Java's server reads its limits once. */
  @Test
  void whoeverIsSlowIsCutOffAndHoldsUpNobody() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsun.net.httpserver.maxReqTime=1",
                MetricsEndpointTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Socket> slow = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int port = Integer.parseInt(out.readLine());
      for (int i = 0; i < 12; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.UTF_8));
        slow.add(socket);
      }
      for (Socket socket : slow) {
        assertThat(isCutOff(socket)).isTrue();
      }
      assertThat(answer(port, "GET /metrics HTTP/1.0", "Host: localhost")).endsWith("a 1.0\n");
    } finally {
      process.destroyForcibly();
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static boolean isCutOff(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Answers until it is ended. */
  public static void main(String[] arguments) throws Exception {
    try (MetricsEndpoint endpoint = opened(new Scrapes())) {
      System.out.println(endpoint.address().getPort());
      Thread.sleep(300_000);
    }
  }
}
