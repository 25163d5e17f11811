package io.involution.submit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An API server of Kubernetes that keeps what it is given and notes what it was asked for. */
final class ApiServer implements AutoCloseable {
  private static final String OURSELVES = "the test itself";
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/[^/]+/namespaces/(?<namespace>[^/?]+)/(?<kind>[^/?]+)"
              + "(?:/(?<name>[^/?]+)(?<part>/[^?]+)?)?(?:\\?(?<query>.*))?");

  /** Tells of every request otherwise; the logger must not be collected. */
  private static final Logger QUIET = Logger.getLogger(MockWebServer.class.getName());

  static {
    QUIET.setLevel(Level.WARNING);
  }

  private final Set<String> rights = new ConcurrentSkipListSet<>();
  private final Set<String> others = new ConcurrentSkipListSet<>();
  private final KubernetesMockServer server;
  private final KubernetesClient client;

  ApiServer() {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);
    server.init();
    client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl(url()).withUserAgent(OURSELVES).build())
            .build();
  }

  /** Its address. */
  String url() {
    return "http://localhost:" + server.getPort();
  }

  /** A client that sees all it keeps. */
  KubernetesClient client() {
    return client;
  }

  /**
   * The rights that everybody but this test has needed, as a role names them: "pods create",
   * "pods/log get", "networking.k8s.io/networkpolicies patch".
   */
  Collection<String> rightsNeeded() {
    return rights;
  }

  /** Requests outside any namespace, which no role of a namespace allows. */
  Collection<String> otherRequests() {
    return others;
  }

  /** Forgets what has been asked for. */
  void forgetRequests() {
    rights.clear();
    others.clear();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  /** Answers Spark's server-side-apply too, which the mock server itself does not know. */
  private final class Dispatcher extends KubernetesCrudDispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String right = note(request);
      if (right.equals("services deletecollection")) {
        // As Kubernetes before 1.23: the client lists them and deletes each.
        return new MockResponse().setResponseCode(HttpURLConnection.HTTP_BAD_METHOD);
      }
      String type = request.getHeader("Content-Type");
      if (request.getMethod().equals("PATCH") && type != null && type.contains("apply-patch")) {
        return apply(request, right);
      }
      boolean makesPod = request.getMethod().equals("POST") && request.getPath().endsWith("/pods");
      return super.dispatch(makesPod ? makingPending(request) : request);
    }

    /** Keeps what is applied as if it were created, or replaced where it is there. */
    private MockResponse apply(RecordedRequest request, String right) {
      HasMetadata wanted = client.getKubernetesSerialization().unmarshal(request.getUtf8Body());
      wanted.getMetadata().setNamespace(namespace(request));
      String path = request.getPath().replaceFirst("\\?.*", "");
      boolean kept = handleGet(path).code() == HttpURLConnection.HTTP_OK;
      if (!kept && !OURSELVES.equals(right)) {
        // What Kubernetes asks for, too, where an applied object is not there yet.
        rights.add(right.replaceFirst(" patch$", " create"));
      }
      return super.dispatch(
          kept
              ? sending(request, HttpMethod.PUT, path, wanted)
              : sending(
                  request, HttpMethod.POST, path.substring(0, path.lastIndexOf('/')), wanted));
    }
  }

  /** Every pod has a phase from its beginning, which Spark relies on. */
  private RecordedRequest makingPending(RecordedRequest request) {
    Pod pod = client.getKubernetesSerialization().unmarshal(request.getUtf8Body(), Pod.class);
    if (pod.getStatus() == null) {
      pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
    }
    return sending(request, request.method(), request.getPath(), pod);
  }

  private RecordedRequest sending(
      RecordedRequest request, HttpMethod method, String path, HasMetadata body) {
    byte[] json = client.getKubernetesSerialization().asJson(body).getBytes(StandardCharsets.UTF_8);
    return new RecordedRequest(
        request.getHttpVersion(), method, path, request.getHeaders(), new Buffer(json));
  }

  private static String namespace(RecordedRequest request) {
    Matcher path = PATH.matcher(request.getPath());
    if (!path.matches()) {
      throw new IllegalStateException(request.getPath() + " names no namespace");
    }
    return path.group("namespace");
  }

  private String note(RecordedRequest request) {
    Matcher path = PATH.matcher(request.getPath());
    if (OURSELVES.equals(request.getHeader("User-Agent"))) {
      return OURSELVES;
    }
    if (!path.matches()) {
      others.add(request.getMethod() + " " + request.getPath());
      return "";
    }
    boolean one = path.group("name") != null;
    String query = path.group("query") == null ? "" : path.group("query");
    String verb =
        switch (request.getMethod()) {
          case "GET" -> query.contains("watch=true") ? "watch" : one ? "get" : "list";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "DELETE" -> one ? "delete" : "deletecollection";
          default -> "patch";
        };
    String group = path.group("group") == null ? "" : path.group("group") + "/";
    String part = path.group("part") == null ? "" : path.group("part");
    String right = group + path.group("kind") + part + " " + verb;
    rights.add(right);
    return right;
  }
}
