// The page to look at: how all goes, and why one workflow does not.
import { tagsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Chard ${name}'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../workbook.json'), '<workspace>', workspaceId)
  }
}
