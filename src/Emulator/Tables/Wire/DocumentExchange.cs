using System.Xml.Linq;
using Azure;
using Azure.Core;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Gets and puts the service's XML documents.</summary>
internal static class DocumentExchange
{
    public static async Task<Response<T>> GetAsync<T>(TableChannel channel, string path, Func<XElement, T> read, bool async, CancellationToken cancellationToken)
    {
        using var message = Message(channel, RequestMethod.Get, path);
        var response = await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(read(XDocument.Load(response.Content.ToStream()).Root), response);
    }

    public static async Task<Response> PutAsync(TableChannel channel, string path, XDocument document, bool async, CancellationToken cancellationToken)
    {
        using var message = Message(channel, RequestMethod.Put, path);
        message.Request.Headers.SetValue("Content-Type", "application/xml");
        message.Request.Content = RequestContent.Create($"<?xml version=\"1.0\" encoding=\"utf-8\"?>{document.ToString(SaveOptions.DisableFormatting)}");
        return await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private static HttpMessage Message(TableChannel channel, RequestMethod method, string path)
    {
        var message = channel.Message(method, path);
        message.Request.Headers.SetValue("Accept", "application/xml");
        return message;
    }
}
