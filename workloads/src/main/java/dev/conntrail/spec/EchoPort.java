package dev.conntrail.spec;

/** A port on which every pod listens, and its Service too. */
public enum EchoPort implements Named {
  /** HTTP/1.1, HTTP/2 and WebSocket, and gRPC as the echo frames it. */
  HTTP("http", 80, 8080),
  /** gRPC by grpc-java, where experiments have it. */
  GRPC("grpc", 9090, 9090);

  private final String word;
  private final int ofService;
  private final int ofPods;

  EchoPort(String word, int ofService, int ofPods) {
    this.word = word;
    this.ofService = ofService;
    this.ofPods = ofPods;
  }

  /** Its name in the Service. */
  @Override
  public String word() {
    return word;
  }

  /** Its number at the Service's address. */
  public int ofService() {
    return ofService;
  }

  /** Its number where pods have addresses of their own. */
  public int ofPods() {
    return ofPods;
  }
}
