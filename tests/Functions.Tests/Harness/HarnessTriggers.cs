using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Harness;

/// <summary>What comes from outside and by the clock, and what goes to storage.</summary>
public sealed class HarnessTriggers(HarnessNotes notes, IConfiguration configuration)
{
    /// <summary>Lets a call wait before it writes.</summary>
    internal static TaskCompletionSource Gate { get; set; } = new();

    [Function("HarnessHourly")]
    public void Hourly([TimerTrigger("0 0 * * * *")] TimerInfo timer) => notes.Add("tick");

    [Function("HarnessFood")]
    public static Task Food([QueueTrigger("food")] string instance, [DurableClient] DurableTaskClient client) =>
        client.RaiseEventAsync(instance, "food", "fed");

    [Function("HarnessSave")]
    public async Task<IResult> Save(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "save/{row}")] HttpRequest request, string row)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var table = new TableClient(configuration["AzureWebJobsStorage"], "rows", options);
        await table.CreateIfNotExistsAsync();
        notes.Add("saving");
        await Gate.Task;
        await table.AddEntityAsync(new TableEntity("p", row));
        notes.Add("saved");
        return TypedResults.Ok();
    }
}

/// <summary>Stands in for another function of the build.</summary>
public static class HarnessStandIn
{
    [Function("HarnessNote__Deaf")]
    public static string Note([ActivityTrigger] string what) => what + "!";
}
