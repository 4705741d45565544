using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>The list of functions that the Functions host prints when it is ready.</summary>
internal static class FunctionListing
{
    public static void Print(TextWriter writer, FunctionCatalog catalog, FunctionsHttpServer server)
    {
        writer.WriteLine("\nFunctions:\n");
        foreach (var function in catalog.Of(TriggerKind.Http))
        {
            var methods = ((HttpTriggerAttribute)function.Trigger).Methods is { Length: > 0 } given
                ? $"[{string.Join(',', given.Select(method => method.ToUpperInvariant()))}] "
                : string.Empty;
            writer.WriteLine($"\t{function.Name}: {methods}{server.UrlOf(function)}\n");
        }

        foreach (var function in catalog.Functions.Where(function => function.Kind != TriggerKind.Http))
        {
            writer.WriteLine($"\t{function.Name}: {function.Kind.BindingType()}\n");
        }

        if (catalog.Functions.Count == 0)
        {
            writer.WriteLine("\tnone: the app has no public method with [Function].\n");
        }

        writer.Flush();
    }
}
