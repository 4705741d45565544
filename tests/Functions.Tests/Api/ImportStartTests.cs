using System.Net;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Chard.Functions.Imports;
using Chard.Functions.Tests.Storage;
using Chard.Starts;
using Chard.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Moq;

namespace Chard.Functions.Tests.Api;

/// <summary>Uploads that are sent again: one workflow, one blob.</summary>
[Collection(ApiTests.Name)]
public sealed class ImportStartTests(ApiHost api)
{
    private const string Csv = "id,name\n1,a\n2,b\n";

    private readonly string _mark = "u" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Upload_SameKeySameFile_IsTheSameWorkflowWithItsPresentState()
    {
        string id = Accepted(await UploadAsync("", Csv, _mark));
        await api.UntilAsync(id, "completed");

        Answer again = await UploadAsync("", Csv, _mark);

        Assert.Equal((id, "completed"), (Accepted(again), again.Text("status")));
        Assert.Single(await SourcesAsync(api.App, id));
    }

    [Fact]
    public async Task Upload_SameKeyWithADifference_Is422AndLeavesTheFirst()
    {
        string id = Accepted(await UploadAsync("", Csv, _mark));

        (await UploadAsync("", Csv + "3,c\n", _mark)).IsProblem(422, "idempotency-key-reused");
        (await UploadAsync("&maxErrors=3", Csv, _mark)).IsProblem(422, "idempotency-key-reused");
        (await UploadAsync("", Csv, _mark, "text/csv; charset=windows-1252")).IsProblem(422, "idempotency-key-reused");

        Assert.NotEqual(id, Accepted(await UploadAsync("&owner=bob", Csv, _mark)));
        await api.UntilAsync(id, "completed");
        Assert.Equal(2, (await api.GetAsync($"/api/workflows/{id}/result")).Json.GetProperty("imported").GetInt32());
        Assert.Single(await SourcesAsync(api.App, id));
    }

    [Fact]
    public async Task Upload_WithAnId_IsNamedByItAndStartsOnce()
    {
        Assert.Equal(_mark, Accepted(await UploadAsync($"&id={_mark}", Csv)));
        Assert.Equal(_mark, Accepted(await UploadAsync($"&id={_mark}", Csv)));
        (await UploadAsync($"&id={_mark}", Csv + "3,c\n")).IsProblem(422, "id-taken");

        await api.UntilAsync(_mark, "completed");
        Assert.Single(await SourcesAsync(api.App, _mark));
    }

    [Fact]
    public async Task Upload_ManyAtOnceWithOneKey_StartOne()
    {
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UploadAsync("", Csv, _mark)));

        string id = Assert.Single(answers.Select(Accepted).Distinct());
        await api.UntilAsync(id, "completed");
        Assert.Single(await SourcesAsync(api.App, id));
    }

    [Fact]
    public async Task Upload_WrongQuery_NamesEachFaultAsEveryProblemDoes()
    {
        Answer answer = await UploadAsync("&columns=a:b:c&maxErrors=x&nope=1", Csv, type: "text/csv; charset=nope");

        answer.IsProblem(400, "invalid-request");
        Assert.Equal(
            ["?columns", "?maxErrors", "?nope", "Content-Type"],
            answer.Json.GetProperty("faults")
                .EnumerateArray().Select(f => f.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "tab\tbed")]
    [InlineData("", "")]
    [InlineData("&id=given", "key")]
    [InlineData("&id=a%20b", null)]
    [InlineData("&id=", null)]
    [InlineData("&owner=", null)]
    public async Task Upload_BadName_Is400BeforeTheFileIsLookedAt(string query, string? key) =>
        (await UploadAsync(query, "\0 is no CSV", key)).IsProblem(400, "invalid-start");

    [Fact]
    public async Task Upload_WhoseRecordingWasNotAnswered_KeepsTheFileThatIsRead()
    {
        await using FunctionsTestHost host = await api.StartAsync(options => options.ConfigureServices(services =>
            services.Replace(ServiceDescriptor.Singleton<IWorkflowStarter>(
                provider => new Forgetful(ActivatorUtilities.CreateInstance<WorkflowStarter>(provider))))));

        string id = Accepted(await UploadAsync($"&id={_mark}", Csv, host: host));

        Assert.Single(await SourcesAsync(host, id));
    }

    private static string Accepted(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Body);
        return answer.Text("id");
    }

    private static async Task<List<string>> SourcesAsync(FunctionsTestHost host, string id)
    {
        var names = new List<string>();
        BlobContainerClient container = host.Services.GetRequiredService<BlobServiceClient>()
            .GetBlobContainerClient(ImportSources.ContainerOf(AzuriteStorage.Names));
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{id}/source", default))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    private async Task<Answer> UploadAsync(
        string query, string csv, string? key = null, string type = "text/csv", FunctionsTestHost? host = null)
    {
        string path = $"/api/imports?table={_mark}{query}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(WorkflowsApi.IdempotencyKeyHeader, key);
        }

        using HttpResponseMessage response = await (host ?? api.App).Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        DocumentedAnswers.Check(HttpMethod.Post, path, (int)response.StatusCode, mediaType, text);
        return new(response.StatusCode, mediaType, text, null, response.Headers.Location);
    }

    /// <summary>
    /// Records a start, does not schedule it, and then takes it for a repeated one: as after an answer of the table that was lost.
    /// </summary>
    private sealed class Forgetful(IWorkflowStarter inner) : IWorkflowStarter
    {
        public void Check(StartRequest request) => inner.Check(request);

        public string IdOf(StartRequest request) => inner.IdOf(request);

        public async Task<StartedWorkflow> StartAsync(
            StartRequest request, DurableTaskClient client, CancellationToken cancellationToken) =>
            await inner.StartAsync(request, new Mock<DurableTaskClient>("none").Object, cancellationToken) with { Existed = true };
    }
}
