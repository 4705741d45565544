namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a Functions app begins.</summary>
public class FunctionsApplication
{
    /// <summary>
    /// A builder with the app's settings and logging in place. The host's arguments <c>--port N</c>, <c>--address IP</c>, <c>--data PATH</c> and
    /// <c>--enableAuth</c> are taken out; the rest is configuration, as in any .NET host. Mistakes in them are told when the host starts.
    /// </summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
