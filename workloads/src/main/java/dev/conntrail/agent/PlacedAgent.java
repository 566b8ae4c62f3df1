package dev.conntrail.agent;

import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Path;

/** An agent in a place, as its caller has hold of it; one that has ended is reached anew. */
final class PlacedAgent implements AutoCloseable {
  private final Transport transport;
  private final Role role;
  private final String what;
  private final Path folder;
  private Place place;
  private Remote remote;

  /**
   * Starts it, or takes hold of it.
   *
   * @param what it is called before its place's name
   * @param folder where its log goes
   */
  PlacedAgent(Transport transport, Role role, String what, Place place, Path folder)
      throws IOException {
    this.transport = transport;
    this.role = role;
    this.what = what;
    this.folder = folder;
    this.place = place;
    reach(false);
  }

  private void reach(boolean again) throws IOException {
    Transport.Reached reached =
        transport.reach(role, place, again, folder.resolve(place.name() + ".log"));
    place = reached.place();
    remote = Remote.start(what + " of " + place.name(), reached.wire());
  }

  /** Takes hold of the one that took its place, where it has ended; whether it had. */
  boolean refresh() throws IOException {
    boolean ended = !remote.alive();
    if (ended) {
      remote.close();
      reach(true);
    }
    return ended;
  }

  Place place() {
    return place;
  }

  Remote remote() {
    return remote;
  }

  @Override
  public void close() {
    remote.close();
  }
}
