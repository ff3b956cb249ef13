// Lists of F0: the shared page of uploads, at this service's address.
import { uploadsAt } from 'shell/uploads.js';

export const Lists = uploadsAt({ address: '/v1/case-lists', template: 'mau-danh-sach-f0.xlsx', answers: 'danh-sach-f0-tra-loi.xlsx' });
