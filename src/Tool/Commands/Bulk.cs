using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary>One action on many things: by their ids, or on all that meet conditions.</summary>
internal static class Bulk
{
    private const int PerCall = 500;

    /// <summary>Acts on each by itself. One that is refused keeps none of the others from it.</summary>
    /// <param name="session">The run.</param>
    /// <param name="ids">Of what.</param>
    /// <param name="path">The call for an id.</param>
    /// <param name="body">What it is sent; null for nothing.</param>
    /// <param name="told">What to say of what it answers.</param>
    public static async Task<int> EachAsync(
        Session session, IReadOnlyList<string> ids, Func<string, string> path, string? body, Func<JsonElement, string> told)
    {
        var answers = new List<JsonElement>();
        int code = ExitCode.Done;
        foreach (string id in ids)
        {
            try
            {
                ApiAnswer answer = await session.Api.PostAsync(path(id), body, session.CancellationToken);
                answers.Add(answer.Document);
                if (!session.Screen.Json)
                {
                    session.Screen.Line(told(answer.Document));
                }
            }
            catch (ApiProblemException e) when (e.Code == ExitCode.Refused && ids.Count > 1)
            {
                code = ExitCode.Refused;
                answers.Add(e.Document!.Value);
                session.Screen.Complain($"{id}: {string.Join(' ', e.Lines())}");
            }
        }

        Print(session, answers);
        return code;
    }

    /// <summary>Acts on all that meet the conditions, call by call, and tells what became of them.</summary>
    /// <param name="session">The run.</param>
    /// <param name="path">The call.</param>
    /// <param name="conditions">Its conditions.</param>
    /// <param name="participle">The member of its answers that counts those acted upon.</param>
    public static async Task<int> AllAsync(Session session, string path, JsonObject conditions, string participle)
    {
        long matched = 0;
        long acted = 0;
        var refused = new List<JsonElement>();
        string? continuation = null;
        try
        {
            do
            {
                JsonNode body = conditions.DeepClone();
                body["limit"] = PerCall;
                body["continuation"] = continuation;
                ApiAnswer answer = await session.Api.PostAsync(path, body.ToJsonString(), session.CancellationToken);
                matched += answer.Document.Count("matched");
                acted += answer.Document.Count(participle);
                refused.AddRange(answer.Document.Items("refused"));
                continuation = answer.Document.Text("continuation");
            }
            while (continuation is not null);
        }
        catch (Exception) when (matched > 0)
        {
            session.Screen.Complain($"It ended early: {matched} matched, {acted} {participle} by then. The same call does the rest.");
            throw;
        }

        Tell(session, matched, acted, refused, participle);
        return refused.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private static void Tell(Session session, long matched, long acted, List<JsonElement> refused, string participle)
    {
        if (!session.Screen.Json)
        {
            session.Screen.Line($"{matched} matched, {acted} {participle}, {refused.Count} refused.");
            foreach (JsonElement one in refused)
            {
                session.Screen.Line($"  {one.Text("id")}: {one.Text("reason")}");
            }

            return;
        }

        session.Screen.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("matched", matched);
            writer.WriteNumber(participle, acted);
            writer.WriteStartArray("refused");
            refused.ForEach(one => one.WriteTo(writer));
            writer.WriteEndArray();
            writer.WriteNull("continuation");
            writer.WriteEndObject();
        });
    }

    private static void Print(Session session, List<JsonElement> answers)
    {
        if (!session.Screen.Json)
        {
            return;
        }

        if (answers is [var only])
        {
            session.Screen.Document(only.GetRawText());
            return;
        }

        session.Screen.Document(writer =>
        {
            writer.WriteStartArray();
            answers.ForEach(answer => answer.WriteTo(writer));
            writer.WriteEndArray();
        });
    }
}
