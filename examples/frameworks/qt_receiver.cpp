// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a Qt HTTP server and prints each event.
//
//     SEATSIO_SECRET=whsec_... qt_receiver --port 8080
//
// The headers and the body of a request are handed over as they are. Qt 6.4 limits neither the
// bytes of a request nor its time nor the number of connections: the server below does. Of a
// request with more than 100 headers Qt shows none, so that it is refused. It does not answer
// `Expect: 100-continue`, for which curl waits one second. All handlers run in the thread of the
// event loop: keep them short.

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtHttpServer/QAbstractHttpServer>
#include <QtHttpServer/QHttpServerRequest>
#include <QtHttpServer/QHttpServerResponder>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "seatsio_endpoint.hpp"

namespace {

using namespace std::chrono_literals;

QByteArray bytes_of(std::string_view text) {
    return {text.data(), static_cast<qsizetype>(text.size())};
}

// Ends connections that send too much or take too long.
class bounded_server : public QTcpServer {
protected:
    void incomingConnection(qintptr descriptor) override {
        auto socket = std::make_unique<QTcpSocket>();
        if (!socket->setSocketDescriptor(descriptor)) return;
        if (findChildren<QTcpSocket*>(Qt::FindDirectChildrenOnly).size() >= 64) return;
        // Before Qt reads them: what is here now is what came since the last time.
        connect(socket.get(), &QTcpSocket::readyRead, this,
                [opened = socket.get(), received = qint64{0}]() mutable {
                    received += opened->bytesAvailable();
                    // Twice what is accepted, so that what is a little too large is answered.
                    if (received > 2 * static_cast<qint64>(webhookpp::limits().body)) {
                        disconnect(opened, &QTcpSocket::readyRead, nullptr, nullptr);
                        opened->abort();
                    }
                });
        QTimer::singleShot(30s, socket.get(), [opened = socket.get()] { opened->abort(); });
        socket->setParent(this);  // deletes it
        addPendingConnection(socket.release());
    }
};

class webhook_server : public QAbstractHttpServer {
public:
    explicit webhook_server(const example::endpoint& receiver) : receiver_(receiver) {}

protected:
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) override {
        // One request for each connection.
        if (socket->state() != QAbstractSocket::ConnectedState) return true;
        webhookpp::reply reply{.status = 404};
        const QByteArray target = request.url().path(QUrl::FullyEncoded).toLatin1();
        if (request.method() == QHttpServerRequest::Method::Post &&
            target == example::seatsio_path) {
            const auto headers = request.headers();
            const QByteArray body = request.body();
            reply = receiver_.receive({headers, body});
        }
        auto responder = makeResponder(request, socket);
        responder.writeStatusLine(static_cast<QHttpServerResponder::StatusCode>(reply.status));
        for (const auto& [name, value] : reply.headers) {
            responder.writeHeader(bytes_of(name), bytes_of(value));
        }
        const QByteArray text = bytes_of(reply.body);
        responder.writeHeader("Content-Length", QByteArray::number(text.size()));
        responder.writeHeader("Connection", "close");
        responder.writeBody(text);
        socket->disconnectFromHost();
        return true;
    }

    // Only called after handleRequest, for requests to open a WebSocket: they were answered.
    void missingHandler(const QHttpServerRequest& /*request*/, QTcpSocket* /*socket*/) override {}

private:
    const example::endpoint& receiver_;
};

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals stop;  // `signals` is a macro of Qt
    char name[] = "qt_receiver";
    char* arguments[] = {name, nullptr};
    int count = 1;
    QCoreApplication application(count, arguments);

    auto listener = std::make_unique<bounded_server>();
    const QHostAddress host(QString::fromStdString(where.host));
    if (host.isNull() || !listener->listen(host, static_cast<quint16>(where.port))) {
        throw std::runtime_error("cannot listen on " + where.text() + ": " +
                                 listener->errorString().toStdString());
    }
    const int port = listener->serverPort();
    webhook_server server(receiver);
    server.bind(listener.release());  // deletes it
    example::print_listening({where.host, port});

    std::thread stopper([&stop, &application] {
        stop.wait();
        // Queued: what ends a loop that does not run yet is lost.
        QMetaObject::invokeMethod(&application, &QCoreApplication::quit, Qt::QueuedConnection);
    });
    QCoreApplication::exec();
    stopper.join();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
