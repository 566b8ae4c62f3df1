/** The gRPC contract of the echo: messages generated from {@code echo.proto}, and its methods. */
package dev.conntrail.echo.v1;
