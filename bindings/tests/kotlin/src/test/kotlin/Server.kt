import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals

const val DEADLINE_S = 20L
const val PASSWORD = "a-long-enough-password"

/** `shopbell serve` on a folder of its own, with one shop and two people. */
class Server(private val data: Path) {
    private val program = File(System.getProperty("shopbell")).canonicalPath
    private lateinit var process: Process

    /** The shop's public key, which its pages show. */
    val key = addShop("Juniper & Clay")

    lateinit var address: String
        private set

    init {
        admin("staff", "add", "--name", "Mina", "--email", "mina@juniper.example", "--owner")
        addTheo()
        start("127.0.0.1:0")
    }

    fun admin(vararg words: String): String {
        val command = listOf(program, "admin", "--data", data.toString(), *words)
        val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        process.outputStream.writer().use { it.write(PASSWORD) }
        val said = process.inputReader().readText()
        assertEquals(0, process.waitFor(), "shopbell admin ${words.joinToString(" ")}")
        return said
    }

    /** Answers its public key. */
    fun addShop(name: String) = admin("shop", "add", "--name", name).split(Regex("\\s")).first { it.startsWith("pk_") }

    fun shopId(name: String) = admin("shop", "list").lines().first { name in it }.substringBefore(' ')

    fun addTheo(vararg where: String) {
        val permissions = arrayOf("--permission", "chat", "--permission", "customers")
        admin("staff", "add", "--name", "Theo", "--email", "theo@juniper.example", *permissions, *where)
    }

    fun stop() {
        process.destroy()
        check(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) { "the server does not stop" }
    }

    /** At the address that it had. */
    fun startAgain() = start(address.removePrefix("http://"))

    private fun start(listen: String) {
        process = ProcessBuilder(program, "serve", "--data", data.toString(), "--listen", listen)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
        address = process.inputReader().readLine().substringAfterLast(' ')
    }
}
