package dev.cairnmemory.scenario;

import com.google.gson.Gson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Tells what the test server saw. */
record Control(String url) {
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** One finished call. */
  record Seen(String method, String code, int messages) {}

  /** The finished calls of an x-request-id, once there are as many. */
  List<Seen> calls(String id, int atLeast) throws IOException, InterruptedException {
    return List.of(new Gson().fromJson(ask("/calls/" + id + "?at_least=" + atLeast), Seen[].class));
  }

  /** Waits until a call of an x-request-id has reached the server; false: the server has waited long enough. */
  boolean begun(String id) throws IOException, InterruptedException {
    return ask("/begun/" + id).equals("true");
  }

  private String ask(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + path)).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
