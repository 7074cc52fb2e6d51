import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.UUID
import kotlin.test.assertEquals

/** A customer in the web chat, by its own protocol. */
class Ana(private val server: Server) {
    private val client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    private var token: String? = null

    init {
        val session = buildJsonObject {
            put("key", server.key)
            put("name", "Ana")
        }
        token = call("/chat/v1/sessions", session).text("token")
    }

    fun writes(text: String) {
        val message = buildJsonObject {
            put("id", UUID.randomUUID().toString())
            put("text", text)
            put("client_ts", 0)
        }
        call("/chat/v1/messages", message)
    }

    /** What stands in her chat: who wrote, and what. */
    fun reads(): List<Pair<String, String>> =
        call("/chat/v1/events?after=0").jsonObject.getValue("events").jsonArray.map {
            val message = it.jsonObject.getValue("message")
            message.text("from") to message.text("text")
        }

    private fun call(path: String, body: JsonObject? = null): JsonElement {
        val request = HttpRequest.newBuilder(URI(server.address + path))
            .timeout(Duration.ofSeconds(DEADLINE_S))
            .header("Content-Type", "application/json")
        token?.let { request.header("Authorization", "Bearer $it") }
        body?.let { request.POST(HttpRequest.BodyPublishers.ofString(it.toString())) }
        val answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
        assertEquals(2, answer.statusCode() / 100, "$path: ${answer.body()}")
        return Json.parseToJsonElement(answer.body())
    }

    private fun JsonElement.text(name: String) = jsonObject.getValue(name).jsonPrimitive.content
}
