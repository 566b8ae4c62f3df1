package dev.conntrail.load.descriptor;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Files of protobuf with all that they import, as descriptors. */
public final class ProtoFiles {
  private static final String WHOLE =
      "allowed: all files that are imported (protoc --include_imports --descriptor_set_out=FILE)";

  private final Map<String, FileDescriptorProto> given = new HashMap<>();
  private final Map<String, FileDescriptor> linked = new HashMap<>();
  private final Set<String> underWay = new HashSet<>();

  private ProtoFiles() {}

  /**
   * Links files to each other.
   *
   * @throws IllegalArgumentException if one lacks, or is not what another takes it for
   */
  static ProtoFiles of(Collection<FileDescriptorProto> files) {
    ProtoFiles all = new ProtoFiles();
    files.forEach(f -> all.given.put(f.getName(), f));
    files.forEach(f -> all.link(f.getName(), f.getName()));
    return all;
  }

  /**
   * What {@code protoc --include_imports --descriptor_set_out} wrote.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is no such set, or lacks a file
   */
  public static ProtoFiles read(Path set) throws IOException {
    byte[] bytes = Files.readAllBytes(set);
    List<FileDescriptorProto> files;
    try {
      files = FileDescriptorSet.parseFrom(bytes).getFileList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("found no descriptor set; " + WHOLE, e);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("found a descriptor set without a file; " + WHOLE);
    }
    return of(files);
  }

  private FileDescriptor link(String name, String by) {
    FileDescriptor known = linked.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = given.get(name);
    if (file == null || !underWay.add(name)) {
      throw new IllegalArgumentException(
          "found "
              + (file == null ? "no " + name : "that " + name + " imports itself")
              + ", which "
              + by
              + " imports; "
              + WHOLE);
    }
    FileDescriptor[] imports =
        file.getDependencyList().stream().map(d -> link(d, name)).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor made = FileDescriptor.buildFrom(file, imports);
      linked.put(name, made);
      return made;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(
          "found a description that does not hold together: " + e.getMessage() + "; " + WHOLE, e);
    }
  }

  Collection<FileDescriptor> all() {
    return linked.values();
  }

  /**
   * A method.
   *
   * @param service with its package
   * @throws IllegalArgumentException naming those that there are, if there is no such
   */
  public GrpcMethod method(String service, String method) {
    List<ServiceDescriptor> services = new ArrayList<>();
    linked.values().forEach(f -> services.addAll(f.getServices()));
    ServiceDescriptor found =
        services.stream()
            .filter(s -> s.getFullName().equals(service))
            .findFirst()
            .orElseThrow(() ->
                none(
                    "service " + service,
                    services.stream().map(ServiceDescriptor::getFullName).toList()));
    MethodDescriptor named = found.findMethodByName(method);
    if (named == null) {
      throw none(
          "method " + method + " of " + service,
          found.getMethods().stream().map(MethodDescriptor::getName).toList());
    }
    return new GrpcMethod(named, this);
  }

  static IllegalArgumentException none(String what, Collection<String> there) {
    return new IllegalArgumentException(
        "found no "
            + what
            + "; allowed: "
            + (there.isEmpty()
                ? "another description, for this one has none"
                : there.stream().sorted().collect(Collectors.joining(", "))));
  }
}
