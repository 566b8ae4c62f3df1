package dev.conntrail.load.client;

import io.grpc.ManagedChannel;
import java.util.function.BooleanSupplier;

/**
 * Channels of gRPC that requests take in turn.
 *
 * @param all those
 * @param connected whether one of them has made a connection
 */
record GrpcChannels(Rotation<ManagedChannel> all, BooleanSupplier connected) {}
