// Sends a request of HTTP/1.1, and again whenever something has come, on connections of one event loop: bare PORT CONNECTIONS SECONDS.
// It reads nothing of a reply and records nothing: what is left is the kernel's work, and no client does more with the same calls.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#define MOST 512

static const char request[] = "GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

static void failed(const char *what) {
  perror(what);
  exit(1);
}

static int connected(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) || connect(fd, (struct sockaddr *)&to, sizeof to)) failed("connect");
  return fd;
}

static void ask(int fd) {
  if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof request - 1) failed("send");
}

int main(int count, char **given) {
  if (count != 4) return fprintf(stderr, "bare PORT CONNECTIONS SECONDS\n"), 2;
  int epoll = epoll_create1(0), connections = atoi(given[2]);
  for (int i = 0; i < connections; i++) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET | EPOLLRDHUP};
    event.data.fd = connected(atoi(given[1]));
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event)) failed("epoll_ctl");
    ask(event.data.fd);
  }
  long answered = 0;
  static char reply[1 << 16];
  struct epoll_event ready[MOST];
  for (time_t end = time(NULL) + atoi(given[3]); time(NULL) < end;) {
    int n = epoll_wait(epoll, ready, MOST, 100);
    for (int i = 0; i < n; i++) {
      if (recv(ready[i].data.fd, reply, sizeof reply, MSG_DONTWAIT) <= 0) failed("recv");
      answered++;
      ask(ready[i].data.fd);
    }
  }
  printf("requests: %ld\n", answered);
  return 0;
}
