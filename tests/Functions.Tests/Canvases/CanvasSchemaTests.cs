using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Functions.Tests.Api;
using NJsonSchema;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// Holds the published schema and the check of a start to each other: what the one takes the other takes, but for what only the other
/// knows.
/// </summary>
[Collection(ApiTests.Name)]
public sealed class CanvasSchemaTests(ApiHost api)
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(Text()));

    [Fact]
    public async Task Get_IsTheSchema()
    {
        Answer answer = await api.GetAsync("/api/canvas.schema.json");

        Assert.Equal("application/schema+json", answer.ContentType);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Text()), answer.Json));
    }

    [Theory]
    [MemberData(nameof(CanvasCaseTests.Cases), MemberType = typeof(CanvasCaseTests))]
    public async Task Validate_CanvasOfTheDocument_Passes(string name, string canvas, string args, string result)
    {
        Assert.True((await Schema.Value).Validate(canvas) is { Count: 0 }, $"{name} ({args} gives {result})");
    }

    [Fact]
    public async Task Validate_RandomCanvases_Pass()
    {
        JsonSchema schema = await Schema.Value;

        Assert.All(Enumerable.Range(1, 200), seed => Assert.Empty(
            schema.Validate(new RandomCanvases(seed).Node(4, hasPrev: false).ToJsonString())));
    }

    /// <summary>
    /// Takes away a member that is required, adds one, or puts a value of another kind in its place: where the schema refuses, so does the
    /// start.
    /// </summary>
    [Fact]
    public async Task Start_WhatTheSchemaRefuses_IsRefusedToo()
    {
        JsonSchema schema = await Schema.Value;
        CanvasTasks tasks = new(
            api.Service<Domain.Tasks.TaskCatalogue>(), api.Service<Starts.TaskSchemas>(), api.Service<Domain.Limits.LimitCatalogue>());
        int refused = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            JsonObject canvas = new RandomCanvases(seed).Node(3, hasPrev: false);
            JsonObject[] nodes = [.. ObjectsIn(canvas)];
            JsonObject victim = nodes[random.Next(nodes.Length)];
            string[] members = ["chunk", "retry", "onExhausted", "countdown", "expiresIn", "timeLimit", "failures", "maxInFlight", "id",
                "group", "nonsense"];
            victim[members[random.Next(members.Length)]] = random.Next(4) switch
            {
                0 => -1, 1 => "x", 2 => new JsonObject(), _ => new JsonArray()
            };
            string json = canvas.ToJsonString();
            CanvasParser.Parse(JsonElement.Parse(json), tasks, out IReadOnlyList<JsonFault> faults);
            if (schema.Validate(json).Count > 0)
            {
                refused++;
                Assert.True(faults.Count > 0, $"Seed {seed}: the schema refuses what a start takes: {json}");
            }
        }

        Assert.InRange(refused, 100, 400);
    }

    /// <summary>Nodes and what is in them, but not arguments and items, which may be anything.</summary>
    private static IEnumerable<JsonObject> ObjectsIn(JsonNode? node) => node switch
    {
        JsonObject there => there.Where(p => p.Key is not ("args" or "over")).SelectMany(p => ObjectsIn(p.Value)).Append(there),
        JsonArray array => array.SelectMany(ObjectsIn),
        _ => [],
    };

    private static string Text()
    {
        using var reader = new StreamReader(CanvasSchemaApi.Open());
        return reader.ReadToEnd();
    }
}
