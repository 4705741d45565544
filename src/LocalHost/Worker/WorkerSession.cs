using Chard.LocalHost.Worker.Protocol;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Worker;

/// <summary>A worker that has shaken hands and loaded its functions.</summary>
internal sealed record WorkerSession(IWorkerRun Run, WorkerChannel Channel, IReadOnlyList<RpcFunctionMetadata> Functions, Uri? HttpAddress)
{
    private readonly Dictionary<string, string> ids = Functions.ToDictionary(function => function.Name, function => function.FunctionId);

    /// <summary>The worker's id of a function; another after each start of a worker.</summary>
    public string FunctionId(string name) => ids[name];

    /// <summary>
    /// Asks the worker what it is and has, and lets it load its functions. <see cref="StartException"/> names each function that it cannot
    /// load.
    /// </summary>
    public static async Task<WorkerSession> OpenAsync(
        IWorkerRun run, WorkerChannel channel, string appFolder, IConfiguration configuration, CancellationToken cancellation)
    {
        var init = await channel.AskAsync(
            new StreamingMessage
            {
                WorkerInitRequest = new WorkerInitRequest
                {
                    HostVersion = "4.0.0",
                    FunctionAppDirectory = appFolder,
                    WorkerDirectory = appFolder,
                },
            },
            cancellation);
        Check(init.WorkerInitResponse.Result, "The app cannot start");
        var metadata = await channel.AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = appFolder } },
            cancellation);
        Check(metadata.FunctionMetadataResponse.Result, "The app's functions cannot be read");
        var functions = HostConfiguration.Chosen(configuration, metadata.FunctionMetadataResponse.FunctionMetadataResults);
        var loads = await Task.WhenAll(functions.Select(function => LoadAsync(channel, function, appFolder, cancellation)));
        var faults = loads.OfType<string>().ToArray();
        if (faults.Length > 0)
        {
            throw new StartException(faults);
        }

        init.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var http);
        return new WorkerSession(run, channel, functions, await run.HttpAddressAsync(http, cancellation));
    }

    private static async Task<string?> LoadAsync(
        WorkerChannel channel, RpcFunctionMetadata function, string folder, CancellationToken cancellation)
    {
        function.Directory = folder;
        var answer = await channel.AskAsync(
            new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            },
            cancellation);
        var result = answer.FunctionLoadResponse.Result;
        return result.Status == StatusResult.Types.Status.Success
            ? null
            : $"Function '{function.Name}' cannot be loaded: {FirstLine(result)}";
    }

    private static void Check(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new StartException($"{what}: {FirstLine(result)}");
        }
    }

    private static string FirstLine(StatusResult result) => (result.Exception?.Message ?? result.Result).Split('\n')[0].Trim();
}
